import type { ExecutionLifecycleHooks } from 'n8n-core';
import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { CredentialsHelper } from './credentials';
import type { LoadedPackage } from './packages';
import type { RunOptions } from './run';

/** What n8n hands to an execution beside the workflow, as far as the nodes here ask for it. */
export function additionalDataFor(
	hooks: ExecutionLifecycleHooks,
	{ credentialType }: LoadedPackage,
	{ credential = {}, onMessage }: RunOptions,
): IWorkflowExecuteAdditionalData {
	const { executionId, workflowData } = hooks;
	return {
		executionId,
		workflowId: workflowData.id,
		hooks,
		credentialsHelper: new CredentialsHelper(credentialType, credential),
		currentNodeExecutionIndex: 0,
		instanceBaseUrl: 'http://localhost:5678/',
		formWaitingBaseUrl: 'http://localhost:5678/form-waiting',
		webhookWaitingBaseUrl: 'http://localhost:5678/webhook-waiting',
		variables: {},
		workflowSettings: workflowData.settings ?? {},
		setExecutionStatus: () => {},
		sendDataToUI: (type: string, { messages = [] }: { messages?: string[] }) => {
			if (type === 'sendConsoleMessage') messages.forEach((message) => onMessage?.(message));
		},
		logAiEvent: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}
