import { GENERATE, mutantsOf, stopAfter } from './mutant';

/** What happens to an item, from its parameters to its images or its error. */
export const run = [
	...mutantsOf('run/item', 'itemsAreTrue', {
		'an item without its link': { within: 'link', put: 'return items;' },
		'a tool with Retry On Fail never retries': {
			find: '!this.node.retryOnFail',
			put: 'true',
			caughtBy: 'workflow/tool',
		},
		'every failure ends the run': {
			within: 'endsRun',
			find: '!this.context.continueOnFail()',
			put: 'true',
			caughtBy: 'workflow/partialFailure',
		},
	}),
	...mutantsOf('run/parameters', 'workflow/refusedParameters', {
		'a file may be kept where JavaScript keeps nothing': {
			find: "['__proto__', 'constructor', 'prototype']",
			put: '[]',
		},
	}),
	...mutantsOf('run/runCancel', 'workflow/responses', {
		'a cancel that came too late says that the task was cancelled': {
			find: "accepted ? 'CANCELLATION_REQUESTED' : 'ALREADY_COMPLETED'",
			put: "'CANCELLATION_REQUESTED'",
		},
	}),
	...mutantsOf('run/runGenerate', 'stopMeansStop', {
		'a task of an earlier execution is known only when its item has its turn': {
			find: 'item.run.execution.tasks.recall(item, plan.body);',
			put: ';',
			given: {
				...GENERATE,
				tries: 1,
				items: 8,
				inFlight: 1,
				batchInterval: 0,
				retryExecution: 1,
				...stopAfter(1, 2),
			},
		},
		'all tasks are in flight at once': {
			find: 'inFlight: maxTasksInFlight(options)',
			put: 'inFlight: 1000',
			given: { ...GENERATE, items: 10, inFlight: 2 },
			caughtBy: 'tasksInFlightAreLimited',
		},
		'a failed task of an earlier try is put out by the next one, too': {
			find: 'status.failure',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
		'a create is sent for a run that is over': {
			find: 'run.throwIfOver();',
			put: ';',
			caughtBy: 'workflow/batching',
		},
	}),
	...mutantsOf('run/runGetResult', 'wellIsDelivered', {
		'what ended while n8n was killed brings no images': {
			find: 'return await deliver(item, { ...response, requestId }, images);',
			put: 'return [];',
			given: {
				...GENERATE,
				collects: true,
				savesProgress: true,
				wait: false,
				timeout: 600,
				stop: undefined,
				crash: { afterRequests: 4, plusMs: 0 },
				retryExecution: 1,
			},
		},
		'Stop leaves the task of Get Result': {
			find: 'wait && tasks.track(item, requestId)',
			put: 'undefined',
			caughtBy: 'workflow/stop',
		},
	}),
	...mutantsOf('run/runOperation', 'workflow/batching', {
		'items create before all are checked': {
			find: '!context.continueOnFail()',
			put: 'false',
		},
	}),
	...mutantsOf('run/deliver', 'workflow/images', {
		'the key is sent to the image host': {
			find: 'helpers.httpRequest',
			put: "helpers.httpRequestWithAuthentication.bind(context, 'seaArtApi')",
			caughtBy: 'keyIsKept',
		},
		'a result without images is an empty success': {
			find: 'images.length === 0',
			put: 'false',
			caughtBy: 'workflow/wait',
		},
		'Stop Workflow leaves out a missing image': { find: 'error && item.endsRun', put: 'false' },
		'the other images of a task are lost with one': { find: 'error && item.endsRun', put: 'error' },
		'an image is held in memory': { find: "encoding: 'stream'", put: "encoding: 'arraybuffer'" },
		'Retry On Fail forgets a task with a failed download': {
			find: 'error && item.node.retryOnFail',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
		'images are downloaded all at once': {
			find: 'MAX_DOWNLOADS',
			within: 'fetchImage',
			put: '100',
			given: { ...GENERATE, items: 6, images: 4 },
			caughtBy: 'callsInFlightAreLimited',
		},
		'certificates of image hosts are checked against the will of the user': {
			find: '(skipSslCertificateValidation !== undefined && { skipSslCertificateValidation })',
			put: '{}',
			caughtBy: 'workflow/sockets',
		},
	}),
	...mutantsOf('run/failedItem', 'workflow/partialFailure', {
		'a failed item does not say which task it was': {
			find: '(requestId && { request_id: requestId })',
			within: 'known',
			put: '{}',
		},
		'n8n rewrites a message': { find: 'error.message = message;', put: ';' },
		'a failure does not end the other items': { find: 'run.scope.abort()', put: '0' },
		'an item ends before its task is seen to on Stop': {
			find: 'await run.graceAfterStop(item.task.settled);',
			put: ';',
			caughtBy: 'workflow/stopOwnership',
		},
		'a failed run forgets its tasks': {
			find: 'run.error.note(item.index, thrown);',
			put: 'run.error.note(item.index, thrown); await run.allStarted; throw thrown;',
			caughtBy: 'workflow/stopOwnership',
		},
		'Stop under Continue is an error': {
			within: 'failItem',
			find: 'item.context.continueOnFail()',
			put: 'false',
			given: {
				...GENERATE,
				onError: 'continueRegularOutput',
				throwsFrom: 1,
				items: 3,
				...stopAfter(2),
			},
			caughtBy: 'Execution 1 has not ended',
		},
		'a stopped item ends before n8n has started all': {
			find: 'if (item.context.continueOnFail()) return [];',
			put: 'if (item.context.continueOnFail()) return [];\nthrow new NodeOperationError(item.node, STOPPED, { itemIndex: item.index });',
			given: {
				...GENERATE,
				onError: 'stopWorkflow',
				items: 4,
				batchInterval: 20_000,
				...stopAfter(2),
			},
			caughtBy: 'Nobody handled',
		},
		'a task that has failed is fetched again by the next try': {
			find: 'error.details.taskEnded && task',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
		'Retry On Fail under Continue forgets the tasks': {
			find: 'item.node.retryOnFail',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
	}),
	...mutantsOf('run/sendWithKey', 'workflow/stopOwnership', {
		'n8n refuses the calls after Stop': {
			find: 'getExecutionCancelSignal: { value: () => signal }',
			put: 'ignored: { value: signal }',
		},
	}),
	...mutantsOf('run/taskResult', 'workflow/wait', {
		'a failure that shows in the result alone is a success': {
			find: 'if (failed?.failure) throw taskFailed(task, failed.state, failed.failure);',
			put: ';',
		},
		'a result that is not there yet fails the item': {
			find: 'return resultNotAvailable(requestId, seconds);',
			put: 'return undefined;',
		},
		'a result is unknown after three seconds': {
			find: 'graceMs: NOT_FOUND_GRACE_MS',
			put: '...{}',
		},
	}),
	...mutantsOf('run/waitForTask', 'workflow/timeout', {
		'a time-out comes a tenth late': {
			find: 'plan.timeoutSeconds * 1000',
			put: 'plan.timeoutSeconds * 1100',
			given: { ...GENERATE, items: 2, wait: true, timeout: 30, onTimeout: 'fail' },
			caughtBy: 'pollsEndInTime',
		},
		'refused polls fail a wait': { find: '!rateLimited', put: 'true' },
		'every time-out cancels': { find: "plan.onTimeout === 'fail'", put: 'false' },
		'what ended at its time-out is not asked for': { find: '!hasEnded(status)', put: 'true' },
		'a cancel that fails hides the time-out': {
			find: 'if (error instanceof TaskError) return error;',
			put: ';',
		},
	}),
];
