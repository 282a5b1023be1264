import type {
	ICredentialDataDecryptedObject,
	INodeExecutionData,
	IRun,
	IRunExecutionData,
	IWorkflowBase,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { ExecutionLifecycleHooks } from 'n8n-core';
import { additionalDataFor } from './additionalData';
import { Execution } from './execution';
import { loggingTo } from './logger';
import type { LogLine } from './logger';
import { core, workflowPackage } from './n8n';
import type { LoadedPackage } from './packages';

const { createRunExecutionData, jsonStringify, Workflow } = workflowPackage;

/** What a node has once a credential has been chosen for it. */
export const CREDENTIAL = { credentials: { seaArtApi: { id: 'test', name: 'Test credential' } } };

export interface RunOptions {
	/** What the start node emits; one empty item unless told otherwise. */
	items?: INodeExecutionData[];
	/** The decrypted fields of the credential that every node uses. */
	credential?: ICredentialDataDecryptedObject;
	/** Called with each line that a node writes to the browser's console, in manual mode. */
	onMessage?: (message: string) => void;
	/** Called with n8n's own hooks of the run before it begins, to add handlers to them. */
	onHooks?: (hooks: ExecutionLifecycleHooks) => void;
}

/** A workflow on its way through n8n's engine. */
export class Run {
	readonly logs: LogLine[] = [];
	/** n8n's data of the run, growing while it goes. */
	readonly data: IRunExecutionData;
	/** Never rejects. */
	readonly ended: Promise<Execution>;
	private cancel: () => void = () => {};
	/** What n8n saved first: after Stop it saves at once, and nothing that comes later. */
	private saved?: IRun;

	constructor(
		readonly id: string,
		private readonly loaded: LoadedPackage,
		private readonly workflowData: IWorkflowBase,
		private readonly options: RunOptions,
		stored?: { data: IRunExecutionData; retryOf: string },
	) {
		const mode = stored ? 'retry' : 'manual';
		const workflow = this.buildWorkflow();
		this.data = stored?.data ?? this.freshData(workflow);
		this.ended = loggingTo(this.logs, () => this.execute(workflow, mode, stored?.retryOf));
	}

	/** What a click on Stop does; the run still has to end. */
	stop(): void {
		loggingTo(this.logs, () => this.cancel());
	}

	/** What the next start of n8n finds of the run if it is killed now, where `saved` was saved last. */
	killed(saved: IRunExecutionData): Execution {
		return this.finished(this.asRun(saved, 'trigger', 'crashed'), saved, [...this.logs]);
	}

	private async execute(
		workflow: InstanceType<typeof Workflow>,
		mode: WorkflowExecuteMode,
		retryOf: string | undefined,
	): Promise<Execution> {
		try {
			const hooks = new core.ExecutionLifecycleHooks(mode, this.id, this.workflowData, retryOf);
			hooks.addHandler('workflowExecuteAfter', async (run) => {
				this.saved ??= run.status === 'canceled' ? { ...run, data: storedAndRead(run.data) } : run;
			});
			this.options.onHooks?.(hooks);
			const additionalData = additionalDataFor(hooks, this.loaded, this.options);
			const engine = new core.WorkflowExecute(additionalData, mode, this.data);
			const running = engine.processRunExecutionData(workflow);
			this.cancel = () => running.cancel();
			const run = await running;
			return this.finished(this.saved ?? run, run.data);
		} catch (error) {
			const resultData = { ...this.data.resultData, error: error as never };
			const data = { ...this.data, resultData };
			return this.finished(this.asRun(data, mode, 'error'), data);
		}
	}

	private asRun(data: IRunExecutionData, mode: WorkflowExecuteMode, status: IRun['status']): IRun {
		return { data, mode, status, storedAt: 'db', startedAt: new Date(), stoppedAt: new Date() };
	}

	private finished(saved: IRun, data: IRunExecutionData, logs = this.logs): Execution {
		return new Execution(this.id, this.workflowData, saved, data, logs);
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
		const { nodeTypes } = this.loaded;
		const credentials = this.options.credential && CREDENTIAL;
		const nodes = this.workflowData.nodes.map((node) => ({ ...node, ...credentials }));
		const given = { id, name, nodes, connections, settings, nodeTypes, active: false };
		return new Workflow({ ...given, ...(staticData && { staticData }) });
	}
}

/** n8n stores an execution as text: what has no text form does not come back. */
export function storedAndRead<Data>(data: Data): Data {
	return JSON.parse(jsonStringify(data, { replaceCircularRefs: true })) as Data;
}
