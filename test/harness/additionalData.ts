import type { ExecutionLifecycleHooks } from 'n8n-core';
import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type { CredentialsHelper } from './credentials';

/** What n8n hands to an execution beside the workflow, as far as the nodes here ask for it. */
export function additionalDataFor(
	hooks: ExecutionLifecycleHooks,
	credentialsHelper: CredentialsHelper,
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
	} as unknown as IWorkflowExecuteAdditionalData;
}
