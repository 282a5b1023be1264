import type {
	ExecutionError,
	ExecutionStatus,
	INodeExecutionData,
	IRun,
	IRunData,
	IRunExecutionData,
	IWorkflowBase,
} from 'n8n-workflow';
import type { LogLine } from './logger';

/** What a run has left behind: n8n's own data of it, and the questions that tests ask of that. */
export class Execution {
	constructor(
		readonly id: string,
		readonly workflow: IWorkflowBase,
		/** What n8n saved. After Stop: how things stood at the click. */
		readonly saved: IRun,
		/** The engine's data at the very end; a stopped run continues to change it after the click. */
		readonly data: IRunExecutionData,
		/** Every line that was logged on behalf of the run. */
		readonly logs: LogLine[],
	) {}

	/** As the executions list shows it. */
	get status(): ExecutionStatus {
		return this.saved.status;
	}

	get runData(): IRunData {
		return this.data.resultData.runData;
	}

	get error(): ExecutionError | undefined {
		return this.data.resultData.error;
	}

	/** What a node put out in one of its runs. */
	items(node: string, output = 0, runIndex = 0): INodeExecutionData[] {
		return this.runData[node]?.[runIndex]?.data?.main?.[output] ?? [];
	}
}
