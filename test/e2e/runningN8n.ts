import type { INode, INodeParameters } from 'n8n-workflow';
import { startEmulator } from '../emulator';
import type { Emulator, EmulatorOptions } from '../emulator';
import { Client } from '../n8n/client';
import type { Execution, Saved, WorkflowJson } from '../n8n/client';
import { withCredential } from '../n8n/demo';
import { withSecret } from './headerAuth';
import { session } from './session';
import { TRIGGER } from './workflow';

/** n8n, an emulated service of the test's own, and a credential for it. */
export interface RunningN8n {
	client: Client;
	emulator: Emulator;
	credential: Saved;
	/** Saves a workflow with the credential, and the secret of callers, chosen in it. */
	save(workflow: WorkflowJson): Promise<Saved>;
	/** Saves it and starts it from its manual trigger; returns the execution's id. */
	start(workflow: WorkflowJson): Promise<string>;
	/** Saves it, runs it and returns how it ended. */
	run(workflow: WorkflowJson): Promise<Execution>;
}

/** @param client of the n8n that is meant; the one that all tests share when not given */
export async function connectN8n(
	options: EmulatorOptions = {},
	client = new Client(session().url, session().cookie),
): Promise<RunningN8n> {
	const emulator = await startEmulator(options);
	const credential = await client.createCredential({
		name: `Emulator at ${new URL(emulator.baseUrl).host}`,
		type: 'seaArtApi',
		data: { apiKey: emulator.key, baseUrl: emulator.baseUrl } satisfies INodeParameters,
	});
	const save = async (workflow: WorkflowJson) => {
		const chosen = withCredential(asMadeInTheEditor(workflow), credential);
		return await client.createWorkflow(await withSecret(client, chosen));
	};
	const start = async (workflow: WorkflowJson) =>
		await client.runWorkflow((await save(workflow)).id, TRIGGER);
	const run = async (workflow: WorkflowJson) =>
		await client.waitForExecution(await start(workflow));
	return { client, emulator, credential, save, start, run };
}

/**
 * Settings as a workflow has that was made in the editor, and its nodes side by side where none has a
 * position. In the older order an agent continues before its tool has answered.
 */
function asMadeInTheEditor(workflow: WorkflowJson): WorkflowJson {
	const isPlaced = workflow.nodes.some(({ position: [x, y] }) => x !== 0 || y !== 0);
	const nodes = isPlaced
		? workflow.nodes
		: workflow.nodes.map((node, index): INode => ({ ...node, position: [index * 240, 0] }));
	return { ...workflow, nodes, settings: { executionOrder: 'v1', ...workflow.settings } };
}

/** For all tests of a file; the emulator forgets everything between two of them. */
export function useN8n(options?: EmulatorOptions): RunningN8n {
	const n8n = {} as RunningN8n;
	beforeAll(async () => void Object.assign(n8n, await connectN8n(options)));
	afterEach(() => n8n.emulator?.reset());
	afterAll(async () => await n8n.emulator?.stop());
	return n8n;
}
