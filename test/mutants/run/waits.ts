import { mutantsOf } from '../mutant';

export const waits = [
	...mutantsOf('run/sendWithKey', 'workflow/stopOwnership', [
		{
			name: 'n8n refuses the calls after Stop',
			find: 'getExecutionCancelSignal: { value: () => signal }',
			put: 'ignored: { value: signal }',
		},
		{
			name: 'the credential is read for each call',
			find: 'getCredentials: { value: getCredentials }',
			put: 'ignored: { value: getCredentials }',
			caughtBy: 'unit/run/sendWithKey',
		},
		{
			name: 'a credential that could not be read once is never read',
			find: 'this.credential.catch(() => (this.credential = undefined));',
			put: ';',
			caughtBy: 'unit/run/sendWithKey',
		},
		{
			name: 'a credential that could not be read is a broken connection',
			find: 'unavailable ?? error',
			put: 'error',
			caughtBy: 'unit/run/sendWithKey',
		},
		{
			name: 'a key that is a number stops the node',
			find: 'redactor(`${credential.apiKey as string}`)',
			put: 'redactor(credential.apiKey as string)',
			caughtBy: 'workflow/key',
		},
	]),
	...mutantsOf('run/taskResult', 'workflow/wait', [
		{
			name: 'a result that does not come is waited for half an hour',
			find: 'DELIVERY_MS = 180_000',
			put: 'DELIVERY_MS = 1_800_000',
		},
		{
			name: 'a result that is refused does not say why',
			find: 'MAY_MEAN_FAILURE.includes(code) || code >= 500',
			put: 'false',
			caughtBy: 'workflow/responses',
		},
		{
			name: 'a gateway that fails for a result does not say why',
			find: 'code >= 500',
			put: 'false',
			caughtBy: 'workflow/responses',
		},
		{
			name: 'a failure that shows in the result alone is a success',
			find: 'if (failed?.failure) throw taskFailed(task, failed.state, failed.failure);',
			put: ';',
			caughtBy: 'workflow/wait',
		},
		{
			name: 'a failure of which a result speaks once is believed',
			find: 'systemClock.now() >= failedUntil',
			put: 'true',
			caughtBy: 'workflow/conclusions',
		},
		{
			name: 'a result is unknown after three seconds',
			find: 'graceMs: NOT_FOUND_GRACE_MS',
			put: '...{}',
			caughtBy: 'workflow/conclusions',
		},
		{
			name: 'a result that is not there yet fails the item',
			find: 'return resultNotAvailable(requestId, seconds);',
			put: 'return undefined;',
			caughtBy: 'workflow/wait',
		},
	]),
	...mutantsOf('run/waitForTask', 'workflow/timeout', [
		{
			name: 'a time-out comes a tenth late',
			find: 'plan.timeoutSeconds * 1000',
			put: 'plan.timeoutSeconds * 1100',
			seenAs: 'pollsEndInTime',
			given: { operation: 'generate', items: 2, wait: true, timeout: 30, onTimeout: 'fail' },
		},
		{
			name: 'the poll interval of the user is not kept',
			find: 'pollIntervalSeconds === undefined',
			put: 'true',
		},
		{
			name: 'a poll at the deadline takes its time',
			find: 'LAST_POLL_MS = 900',
			put: 'LAST_POLL_MS = 30_000',
		},
		{
			name: 'a task of an earlier try is asked for late',
			find: 'task.resumed ? systemClock.now() : undefined',
			put: 'undefined',
			caughtBy: 'workflow/retry',
		},
		{
			name: 'tasks of an earlier try tell how long all take',
			find: 'kind && !task.resumed',
			put: 'kind',
			caughtBy: 'workflow/learning',
		},
		{
			name: 'tasks that failed tell how long all take',
			find: "waited.ended.state === 'succeeded'",
			put: 'true',
			caughtBy: 'workflow/learning',
		},
		{
			name: 'nothing is learned',
			find: 'execution.noteFoundEnded(kind, systemClock.now() - createdAt);',
			put: ';',
			caughtBy: 'workflow/learning',
		},
		{
			name: 'a wait bears one failed poll',
			find: 'maxFailures: MAX_FAILED_POLLS',
			put: 'maxFailures: 1',
			caughtBy: 'workflow/wait',
		},
		{
			name: 'refused polls fail a wait',
			find: '!rateLimited',
			put: 'true',
			caughtBy: 'workflow/timeout',
		},
		{
			name: 'a poll that is cut off by the deadline fails the wait',
			find: 'outcome instanceof DeadlinePassed',
			put: 'false',
		},
		{
			name: 'a failed task is waited out as a success',
			find: 'if (status.failure) throw taskFailed(task, status.state, status.failure);',
			put: ';',
			caughtBy: 'workflow/wait',
		},
		{
			name: 'Stop cancels a task that has succeeded',
			within: 'afterEnd',
			find: "item.run.execution.tasks.step(task, { is: 'succeeded' });",
			put: ';',
			caughtBy: 'workflow/stop',
		},
		{ name: 'Return Task fails', find: "plan.onTimeout === 'returnTask'", put: 'false' },
		{
			name: 'Return Task gives the task as it was created',
			find: 'last ? statusItem(requestId, last) : taskItem(requestId, task.fields)',
			put: 'taskItem(requestId, task.fields)',
		},
		{ name: 'every time-out cancels', find: "plan.onTimeout === 'fail'", put: 'false' },
		{
			name: 'a cancel that fails hides the time-out',
			find: 'if (error instanceof TaskError) return error;',
			put: ';',
			caughtBy: 'workflow/conclusions',
		},
		{
			name: 'a task that was cancelled at its time-out is fetched',
			find: 'cancel.accepted',
			put: 'false',
		},
		{
			name: 'Stop cancels a task that ended at its time-out',
			find: 'run.execution.tasks.leaveOnStop(task);',
			put: ';',
		},
		{ name: 'what ended at its time-out is not looked at', find: '!hasEnded(status)', put: 'true' },
		{
			name: 'a run that is over polls on',
			find: 'item.run.throwIfOver();',
			put: ';',
			caughtBy: 'workflow/batching',
		},
		{
			name: 'the cancel at a time-out waits behind refused polls',
			find: 'givesUp: true',
			put: 'givesUp: false',
		},
	]),
];
