import type { ExecutionLifecycleHooks } from 'n8n-core';
import type { ICredentialsHelper, IWorkflowExecuteAdditionalData } from 'n8n-workflow';

/** What n8n hands to an execution beside the workflow; services that no node here asks for throw. */
export function additionalDataFor(
	hooks: ExecutionLifecycleHooks,
	credentialsHelper: ICredentialsHelper,
	onMessage: (message: string) => void = () => {},
): IWorkflowExecuteAdditionalData {
	const { executionId, workflowData } = hooks;
	const base = 'http://localhost:5678/';
	return {
		executionId,
		workflowId: workflowData.id,
		hooks,
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		instanceBaseUrl: base,
		formWaitingBaseUrl: `${base}form-waiting`,
		webhookWaitingBaseUrl: `${base}webhook-waiting`,
		variables: {},
		workflowSettings: workflowData.settings ?? {},
		setExecutionStatus: () => {},
		sendDataToUI: (type: string, { messages = [] }: { messages?: string[] }) => {
			if (type === 'sendConsoleMessage') messages.forEach((message) => onMessage(message));
		},
		logAiEvent: () => {},
		executeWorkflow: notServed('executing another workflow'),
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		startRunnerTask: notServed('a task runner'),
	} as unknown as IWorkflowExecuteAdditionalData;
}

const notServed = (what: string) => async () => {
	throw new Error(`The harness does not serve ${what}`);
};
