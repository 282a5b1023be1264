import { GENERATE, mutantsOf, stopAfter } from './mutant';

const WITH_KEY = "helpers.httpRequestWithAuthentication.bind(context, 'seaArtApi')";

/** What happens to an item, from its parameters to its images or its error. */
export const run = mutantsOf({
	'run/item: itemsAreTrue': { 'an item without its link': 'in link: return items;' },
	'run/item: workflow/tool': {
		'a tool with Retry On Fail never retries': '!this.node.retryOnFail → true',
	},
	'run/item: workflow/partialFailure': {
		'every failure ends the run': 'in endsRun: !this.context.continueOnFail() → true',
	},
	'run/parameters: workflow/refusedParameters': {
		'a file may be kept where JavaScript keeps nothing':
			"['__proto__', 'constructor', 'prototype'] → []",
	},
	'run/runCancel: workflow/responses': {
		'a cancel that came too late says that the task was cancelled':
			"'ALREADY_COMPLETED' → 'CANCELLATION_REQUESTED'",
	},
	'run/runGenerate: stopMeansStop': {
		'a task of an earlier execution is known only when its item has its turn': {
			change: 'item.run.execution.tasks.recall(item, plan.body); → ;',
			given: { ...GENERATE, items: 8, inFlight: 1, batchInterval: 0, ...stopAfter(1, 2) },
			seed: 12,
		},
	},
	'run/runGenerate: tasksInFlightAreLimited': {
		'all tasks are in flight at once': {
			change: 'inFlight: maxTasksInFlight(options) → inFlight: 1000',
			seed: 5,
		},
	},
	'run/runGenerate: workflow/retry': {
		'a failed task of an earlier try is put out by the next one, too': 'status.failure → false',
	},
	'run/runGenerate: workflow/batching': {
		'a create is sent for a run that is over': 'run.throwIfOver(); → ;',
	},
	'run/runGetResult: wellIsDelivered': {
		'what ended while n8n was killed brings no images': {
			change: 'return await deliver(item, { ...response, requestId }, images); → return [];',
			given: {
				...{ ...GENERATE, collects: true, savesProgress: true, wait: false, retryExecution: 1 },
				...{ timeout: 600, stop: undefined, crash: { afterRequests: 4, plusMs: 0 } },
			},
			seed: 27,
		},
	},
	'run/runGetResult: workflow/stop': {
		'Stop leaves the task of Get Result': 'wait && tasks.track(item, requestId) → undefined',
	},
	'run/runOperation: workflow/batching': {
		'items create before all are checked': '!context.continueOnFail() → false',
	},
	'run/deliver: keyIsKept': {
		'the key is sent to the image host': `helpers.httpRequest → ${WITH_KEY}`,
	},
	'run/deliver: callsInFlightAreLimited': {
		'images are downloaded all at once': { change: 'in fetchImage: MAX_DOWNLOADS → 100', seed: 6 },
	},
	'run/deliver: workflow/wait': {
		'a result without images is an empty success': 'images.length === 0 → false',
	},
	'run/deliver: workflow/images': {
		'Stop Workflow leaves out a missing image': "'error' in one && item.endsRun → false",
		'the other images of a task are lost with one':
			"'error' in one && item.endsRun → 'error' in one",
		'an image is held in memory': "encoding: 'stream' → encoding: 'arraybuffer'",
	},
	'run/deliver: workflow/retry': {
		'Retry On Fail forgets a task with a failed download':
			'errors.length > 0 && item.node.retryOnFail → false',
	},
	'run/deliver: workflow/sockets': {
		'certificates of image hosts are checked against the will of the user':
			'skipSslCertificateValidation !== undefined → false',
	},
	'run/failedItem: workflow/partialFailure': {
		'a failed item does not say which task it was':
			'in known: (requestId && { request_id: requestId }) → {}',
		'n8n rewrites a message': 'error.message = message; → ;',
		'a failure does not end the other items': 'run.scope.abort() → 0',
	},
	'run/failedItem: workflow/stopOwnership': {
		'Stop is an error, after which n8n tries again':
			"if (item.task) await run.graceAfterStop(item.task.settled); → throw new Error('canceled');",
		'an item ends before its task is seen to on Stop':
			'await run.graceAfterStop(item.task.settled); → ;',
	},
	'run/failedItem: workflow/retry': {
		'a task that has failed is fetched again by the next try':
			'error.details.taskEnded && task → false',
		'Retry On Fail under Continue forgets the tasks': 'item.node.retryOnFail → false',
	},
	'run/startBarrier: abandonedBatchesCreateNothing': {
		'a batch is not waited for': {
			change: 'in hasStartedBatchOf: if (this.isBatched) return true;',
			given: {
				...GENERATE,
				items: 5,
				throwsFrom: 4,
				batchSize: 3,
				batchInterval: 50,
				onError: 'stopWorkflow',
			},
		},
	},
	'run/sendWithKey: workflow/stopOwnership': {
		'n8n refuses the calls after Stop':
			'getExecutionCancelSignal: { value: () => signal } → ignored: { value: signal }',
	},
	'run/taskResult: workflow/wait': {
		'a result that is refused while the task runs fails the item':
			"status.state !== 'succeeded' → status.failure",
		'a failure that shows in the result alone is a success':
			'if (failed?.failure) throw taskFailed(task, failed.state, failed.failure); → ;',
		'a result that is not there yet fails the item':
			'return resultNotAvailable(requestId, seconds); → return undefined;',
		'a result is unknown after three seconds': 'graceMs: NOT_FOUND_GRACE_MS → ...{}',
	},
	'run/waitForTask: pollsEndInTime': {
		'a time-out comes a tenth late': {
			change: 'plan.timeoutSeconds * 1000 → plan.timeoutSeconds * 1100',
			seed: 9,
		},
	},
	'run/waitForTask: workflow/timeout': {
		'refused polls fail a wait': '!rateLimited → true',
		'every time-out cancels': "plan.onTimeout === 'fail' → false",
		'what ended at its time-out is not asked for': '!hasEnded(status) → true',
		'a cancel that fails hides the time-out': 'if (error instanceof TaskError) return error; → ;',
	},
});
