import type {
	ICredentialDataDecryptedObject,
	INode,
	INodeExecutionData,
	IRun,
	IRunExecutionData,
	IWorkflowBase,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { ExecutionLifecycleHooks } from 'n8n-core';
import { additionalDataFor } from './additionalData';
import { CredentialsHelper } from './credentials';
import { Execution } from './execution';
import type { LogLine } from './logger';
import { loggingTo } from './logger';
import { core, workflowPackage } from './n8n';
import type { LoadedPackages } from './packages';

const { createRunExecutionData, jsonStringify, Workflow } = workflowPackage;

export interface RunOptions {
	/** What the start node emits: one item with nothing in it, unless told otherwise. */
	items?: INodeExecutionData[];
	/** The decrypted fields of the credential that every node of the workflow uses. */
	credential?: ICredentialDataDecryptedObject;
	/** Called with each line that a node writes to the browser's console, in manual mode. */
	onMessage?: (message: string) => void;
	/** Called with n8n's own hooks of the run before it begins, to add handlers to them. */
	onHooks?: (hooks: ExecutionLifecycleHooks) => void;
}

export interface StoredRun {
	data: IRunExecutionData;
	retryOf: string;
}

/** A workflow on its way through n8n's engine. */
export class Run {
	readonly logs: LogLine[] = [];

	/** n8n's data of the run, growing while it goes. */
	readonly data: IRunExecutionData;

	/** Settles when the run has ended, succeeded, failed or stopped; it never rejects. */
	readonly ended: Promise<Execution>;

	private cancel: () => void = () => {};

	/** What n8n saved first: after Stop it saves at once, and nothing that comes later. */
	private saved?: IRun;

	constructor(
		readonly id: string,
		private readonly packages: LoadedPackages,
		private readonly workflowData: IWorkflowBase,
		private readonly options: RunOptions,
		stored?: StoredRun,
	) {
		const mode = stored ? 'retry' : 'manual';
		const workflow = this.buildWorkflow();
		this.data = stored?.data ?? this.freshData(workflow);
		this.ended = loggingTo(this.logs, () => this.execute(workflow, mode, stored?.retryOf));
	}

	/** What a click on Stop does. The run still has to end: await `ended`. */
	stop(): void {
		loggingTo(this.logs, () => this.cancel());
	}

	/**
	 * What the next start of n8n finds of the run if it is killed now, where `saved` was saved last. The
	 * run itself continues, and its output is dropped.
	 */
	killed(saved: IRunExecutionData): Execution {
		const times = { startedAt: new Date(), stoppedAt: new Date() };
		const run: IRun = { data: saved, mode: 'trigger', status: 'crashed', storedAt: 'db', ...times };
		return new Execution(this.id, this.workflowData, run, saved, [...this.logs]);
	}

	private async execute(
		workflow: InstanceType<typeof Workflow>,
		mode: WorkflowExecuteMode,
		retryOf: string | undefined,
	): Promise<Execution> {
		const startedAt = new Date();
		try {
			const hooks = new core.ExecutionLifecycleHooks(mode, this.id, this.workflowData, retryOf);
			hooks.addHandler('workflowExecuteAfter', async (run) => {
				this.saved ??= run.status === 'canceled' ? { ...run, data: storedAndRead(run.data) } : run;
			});
			this.options.onHooks?.(hooks);
			const credentials = new CredentialsHelper(
				(name) => this.packages.credentialType(name),
				this.options.credential ?? {},
			);
			const additionalData = additionalDataFor(hooks, credentials, this.options.onMessage);
			const engine = new core.WorkflowExecute(additionalData, mode, this.data);
			const running = engine.processRunExecutionData(workflow);
			this.cancel = () => running.cancel();
			const run = await running;
			return this.finished(this.saved ?? run, run.data);
		} catch (error) {
			const resultData = { ...this.data.resultData, error: error as never };
			const data = { ...this.data, resultData };
			const times = { startedAt, stoppedAt: new Date() };
			const run: IRun = { data, mode, status: 'error', storedAt: 'db', ...times };
			return this.finished(run, data);
		}
	}

	private finished(saved: IRun, data: IRunExecutionData): Execution {
		return new Execution(this.id, this.workflowData, saved, data, this.logs);
	}

	private freshData(workflow: InstanceType<typeof Workflow>): IRunExecutionData {
		const { items = [{ json: {} }] } = this.options;
		const node = workflow.getStartNode();
		if (!node) throw new Error('No node to start the workflow from could be found');
		return createRunExecutionData({
			executionData: { nodeExecutionStack: [{ node, data: { main: [items] }, source: null }] },
		});
	}

	private buildWorkflow() {
		const { id, name, connections, settings = {}, staticData } = this.workflowData;
		const { nodeTypes } = this.packages;
		const nodes = this.workflowData.nodes.map((node) => this.withCredentials(node));
		const given = { id, name, nodes, connections, settings, nodeTypes, active: false };
		return new Workflow({ ...given, ...(staticData && { staticData }) });
	}

	/** Chooses the credential in nodes that have none yet, as one does after an import. */
	private withCredentials(node: INode): INode {
		if (!this.options.credential) return { ...node };
		const { nodeTypes } = this.packages;
		const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const credential = { id: 'test', name: 'Test credential' };
		const chosen = (description.credentials ?? []).map(({ name }) => [name, credential]);
		if (chosen.length === 0) return { ...node };
		return { ...node, credentials: { ...Object.fromEntries(chosen), ...node.credentials } };
	}
}

/** n8n stores an execution as text: what has no text form does not come back. */
export function storedAndRead<Data>(data: Data): Data {
	return JSON.parse(jsonStringify(data, { replaceCircularRefs: true })) as Data;
}
