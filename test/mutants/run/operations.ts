import { mutantsOf } from '../mutant';

const TRIES = { operation: 'generate', tries: 3 } as const;

export const operations = [
	...mutantsOf('run/runCancel', 'workflow/responses', [
		{
			name: 'a cancel that came too late says that the task was cancelled',
			find: "accepted ? 'CANCELLATION_REQUESTED' : 'ALREADY_COMPLETED'",
			put: "'CANCELLATION_REQUESTED'",
		},
		{
			name: 'a cancel that came too late does not say how the task ended',
			find: '(await client.status(patience, run.scope)).state',
			put: "'succeeded'",
		},
		{
			name: 'a cancel does not say whether it was accepted',
			find: 'cancelled: accepted',
			put: 'cancelled: true',
		},
		{
			name: 'what the service says beside a cancel is a failure to n8n',
			find: 'const { error: _error, ...others } = fields;',
			put: 'const others = fields;',
		},
	]),
	...mutantsOf('run/runGenerate', 'workflow/retry', [
		{
			name: 'no item counts its images',
			find: 'item.run.addImages(imagesIn(plan.body), plan.maxImages);',
			put: ';',
			caughtBy: 'workflow/maxImages',
		},
		{
			name: 'items are not judged by what all ask for',
			find: 'run.checkImages(max);',
			put: ';',
			caughtBy: 'workflow/maxImages',
		},
		{
			name: 'a task of an earlier execution is known only when its item has its turn',
			find: 'item.run.execution.tasks.recall(item, plan.body);',
			put: ';',
			seenAs: 'stopMeansStop',
			given: {
				...TRIES,
				tries: 1,
				items: 8,
				inFlight: 1,
				retryExecution: 1,
				batchInterval: 0,
				throwsFrom: undefined,
				stop: { execution: 2, afterRequests: 1, plusMs: 0 },
			},
		},
		{
			name: 'all tasks are in flight at once',
			find: 'inFlight: maxTasksInFlight(options)',
			put: 'inFlight: 1000',
			seenAs: 'tasksInFlightAreLimited',
			given: { operation: 'generate', items: 10, inFlight: 2, wait: true },
		},
		{
			name: 'a task that has succeeded is waited for again',
			find: 'task.hasSucceeded',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
		{
			name: 'a task is waited for though that is off',
			find: '!wait',
			put: 'false',
			caughtBy: 'workflow/outputItems',
		},
		{
			name: 'an item waits on Stop for the answer to its create',
			find: 'run.untilStop(creating)',
			put: 'creating',
			caughtBy: 'workflow/stopOwnership',
		},
		{ name: 'a task of an earlier try is put out as it was then', find: '!resumed', put: 'true' },
		{
			name: 'a failed task of an earlier try is put out by the next one, too',
			find: 'status.failure',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
		{
			name: 'that an earlier task is taken up is not in the log',
			find: 'task.resumed',
			put: 'false',
		},
		{
			name: 'a create is sent for a run that is over',
			find: 'run.throwIfOver();',
			put: ';',
			caughtBy: 'workflow/batching',
		},
		{
			name: 'where nothing waits, what is for images alone is refused',
			find: 'wait && { ...wait, ...imagePlan(item, options) }',
			put: 'imagePlan(item, options) && wait && { ...wait, ...imagePlan(item, options) }',
			caughtBy: 'workflow/outputItems',
		},
	]),
	...mutantsOf('run/runGetResult', 'workflow/responses', [
		{ name: 'Get Result does not wait', find: '!wait || !task', put: 'true' },
		{
			name: 'what ended while n8n was killed brings no images',
			find: 'return await deliver(item, { ...answer, requestId }, images);',
			put: 'return [];',
			seenAs: 'wellIsDelivered',
			given: {
				operation: 'generate',
				collects: true,
				savesProgress: true,
				wait: false,
				tries: 1,
				onError: 'stopWorkflow',
				onTimeout: 'fail',
				items: 2,
				images: 1,
				timeout: 600,
				stop: undefined,
				throwsFrom: undefined,
				batchInterval: 0,
				wallClock: [],
				crash: { afterRequests: 4, plusMs: 0 },
				retryExecution: 1,
			},
		},
		{
			name: 'Get Result of a failed task is a success',
			find: 'if (answer.failure) throw taskFailed({ requestId, created }, answer.state, answer.failure);',
			put: ';',
		},
		{
			name: 'Stop leaves the task of Get Result',
			find: 'wait && tasks.track(item, requestId)',
			put: 'undefined',
			caughtBy: 'workflow/stop',
		},
		{
			name: 'Stop cancels a task whose result is there',
			find: "tasks.step(task, { is: 'succeeded' })",
			put: '0',
			caughtBy: 'workflow/stop',
		},
		{
			name: 'a task that the node before has created is given up soon',
			find: 'wait && NOT_FOUND_GRACE_MS',
			put: 'undefined as number | undefined',
			caughtBy: 'workflow/conclusions',
		},
	]),
	...mutantsOf('run/runOperation', 'workflow/partialFailure', [
		{
			name: 'items create before all are checked',
			find: 'run.haveAllStarted || run.isBatched || context.continueOnFail()',
			put: 'true',
			caughtBy: 'workflow/batching',
		},
		{
			name: 'the items of an operation are not linked',
			find: 'item.link(await operation.act(item, plan))',
			put: 'await operation.act(item, plan)',
			caughtBy: 'workflow/outputItems',
		},
		{ name: 'a run never ends', find: 'item.run.settle();', put: ';' },
		{
			name: 'under Batching a run continues that n8n has ended',
			find: 'onExecutionFinish?.call(context, () => run.scope.abort());',
			put: ';',
			caughtBy: 'workflow/batching',
		},
	]),
];
