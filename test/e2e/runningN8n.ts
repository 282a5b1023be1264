import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { startEmulator } from '../emulator';
import type { Emulator, EmulatorOptions } from '../emulator';
import { Client } from '../n8n/client';
import type { Execution, Saved, WorkflowJson } from '../n8n/client';
import { withCredentials } from '../n8n/demo';
import { SECRET } from './webhooks';
import { TRIGGER } from './workflow';

/** What the set-up tells the tests, which Jest runs in contexts of their own; the cookie signs in. */
export type Session = { url: string; cookie: string };

export function session(): Session {
	const given = process.env.E2E_SESSION;
	if (!given) throw new Error('There is no n8n: run these tests with `npm run e2e`.');
	return JSON.parse(given) as Session;
}

/** n8n, and an emulated service of the test's own. */
export interface RunningN8n {
	client: Client;
	emulator: Emulator;
	/** By their types; more may be added. */
	credentials: Record<string, Saved>;
	/** Makes a credential, which is chosen in every workflow that is saved from now on. */
	addCredential(type: string, data: ICredentialDataDecryptedObject): Promise<void>;
	/** Saves a workflow as one that was made in the editor, with the credentials chosen in it. */
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
	const n8n: RunningN8n = {
		client,
		emulator,
		credentials: {},
		async addCredential(type, data) {
			const name = `${type} of ${new URL(emulator.baseUrl).host}`;
			n8n.credentials[type] = await client.createCredential({ name, type, data });
		},
		async save(workflow) {
			// In the older order an agent continues before its tool has answered.
			const settings = { executionOrder: 'v1', ...workflow.settings } as const;
			const chosen = withCredentials(workflow, n8n.credentials);
			return await client.createWorkflow({ ...chosen, settings });
		},
		start: async (workflow) => await client.runWorkflow((await n8n.save(workflow)).id, TRIGGER),
		run: async (workflow) => await client.waitForExecution(await n8n.start(workflow)),
	};
	await n8n.addCredential('seaArtApi', { apiKey: emulator.key, baseUrl: emulator.baseUrl });
	const [[name, value]] = Object.entries(SECRET) as [[string, string]];
	await n8n.addCredential('httpHeaderAuth', { name, value });
	return n8n;
}

/** For all tests of a file; the emulator forgets everything between two of them. */
export function useN8n(options?: EmulatorOptions): RunningN8n {
	const n8n = {} as RunningN8n;
	beforeAll(async () => void Object.assign(n8n, await connectN8n(options)));
	afterEach(() => n8n.emulator?.reset());
	afterAll(async () => await n8n.emulator?.stop());
	return n8n;
}
