import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IBinaryData, IWorkflowBase } from 'n8n-workflow';
import type { Execution } from './execution';
import { collectLogs } from './logger';
import { Container, core, endBackgroundWork, repository } from './n8n';
import { LoadedPackage } from './packages';
import { Run, storedAndRead } from './run';
import type { RunOptions } from './run';

/** A workflow as n8n's editor exports it. */
export type WorkflowJson = Pick<IWorkflowBase, 'nodes' | 'connections'> & Partial<IWorkflowBase>;

/**
 * Starts n8n's engine over the built package in a folder, with a user folder of its own. One at a time
 * in a process (in Jest: in a test file), since n8n's container is one; stop it before the next.
 */
export async function startEngine(packageFolder = repository): Promise<Engine> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-engine-'));
	Object.assign(process.env, {
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: 'key of the test harness',
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		N8N_LOG_LEVEL: 'silent',
	});
	Container.reset();
	collectLogs();
	await Container.get(core.BinaryDataService).init();
	return new Engine(folder, await LoadedPackage.load(packageFolder));
}

export class Engine {
	private runs = 0;

	constructor(
		private readonly folder: string,
		readonly loaded: LoadedPackage,
	) {}

	start(workflow: WorkflowJson, options: RunOptions = {}): Run {
		return new Run(this.nextId(), this.loaded, complete(workflow), options);
	}

	async run(workflow: WorkflowJson, options: RunOptions = {}): Promise<Execution> {
		return await this.start(workflow, options).ended;
	}

	/**
	 * What "Retry execution" with the original workflow does: a new execution over the data of the
	 * old one, read back as from the data base, less the failed node's last run.
	 */
	retry(execution: Execution, options: RunOptions = {}): Run {
		if (execution.saved.finished) {
			throw new Error('The execution succeeded, so it cannot be retried.');
		}
		const data = storedAndRead(execution.saved.data);
		const { lastNodeExecuted, runData } = data.resultData;
		if (lastNodeExecuted) {
			delete data.resultData.error;
			const tasks = runData[lastNodeExecuted];
			if (tasks?.at(-1)?.error !== undefined) tasks.pop();
		}
		const stored = { data, retryOf: execution.id };
		return new Run(this.nextId(), this.loaded, execution.workflow, options, stored);
	}

	/** The bytes of a file of an item. */
	async bytes(file: IBinaryData | undefined): Promise<Buffer> {
		if (!file) throw new Error('The item has no such file');
		return await Container.get(core.BinaryDataService).getAsBuffer(file);
	}

	async stop(): Promise<void> {
		endBackgroundWork();
		await rm(this.folder, { recursive: true, force: true });
	}

	private readonly nextId = () => String(++this.runs);
}

function complete(workflow: WorkflowJson): IWorkflowBase {
	const now = new Date();
	return {
		id: 'testWorkflow',
		name: 'Workflow of a test',
		active: false,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
		activeVersionId: null,
		...workflow,
		settings: { executionOrder: 'v1', ...workflow.settings },
	};
}
