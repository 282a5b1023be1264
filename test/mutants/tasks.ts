import { GENERATE, mutantsOf, stopAfter, TRIES } from './mutant';

/** The tasks of a run: who owns them, what is remembered of them, and what Stop does with them. */
export const tasks = [
	...mutantsOf('run/cancelOnStop', 'stopMeansStop', {
		'cancels are aborted by the Stop that they follow': {
			find: 'new AbortScope()',
			put: 'item.stop',
		},
		'"Cancel on Stop" is ignored': {
			find: '!item.cancelOnStop',
			put: 'false',
			given: { ...TRIES, cancelOnStop: false, ...stopAfter(3) },
		},
		'a cancel after Stop is given up after a minute': {
			find: 'CANCEL_ON_STOP_MS = 600_000',
			put: 'CANCEL_ON_STOP_MS = 60_000',
			given: { ...TRIES, cancelOnStop: true, ...stopAfter(3) },
		},
		'a cancel after Stop is given up where the task is not known yet': {
			find: 'graceMs: NOT_FOUND_GRACE_MS',
			put: 'graceMs: 0',
			caughtBy: 'workflow/stopOwnership',
		},
		'a cancel after Stop waits behind refused polls': {
			find: 'givesUp: true',
			put: 'givesUp: false',
			caughtBy: 'workflow/stopOwnership',
		},
		'a cancel that came too late discards the task': {
			find: "accepted ? 'ended' : 'succeeded'",
			put: "'ended'",
			caughtBy: 'unit/run/cancelOnStop',
		},
	}),
	...mutantsOf('run/ledger', 'unit/run/ledger', {
		'nothing is remembered of earlier executions': {
			within: 'get',
			put: 'return undefined;',
			given: TRIES,
			caughtBy: 'paidOnce',
		},
		'another item finds the task': {
			find: '`${runIndex}.${itemIndex}.${fingerprint(JSON.stringify(body))}`',
			put: '`${runIndex}.${fingerprint(JSON.stringify(body))}`',
		},
		'a create without an answer is not in the ledger': {
			find: 'this.set(key, { unconfirmed: executionId })',
			put: '0',
			caughtBy: 'unit/run/tasks',
		},
	}),
	...mutantsOf('run/nodeExecution', 'callsAreLimited', {
		'reads are not limited': {
			find: 'MAX_CALLS_PER_SECOND = 10',
			put: 'MAX_CALLS_PER_SECOND = 1000',
		},
		'creates are not limited': {
			find: 'FIRST_CREATES_PER_SECOND = 20',
			put: 'FIRST_CREATES_PER_SECOND = 1000',
			given: { ...TRIES, items: 60, inFlight: 100 },
		},
		'cancels on Stop are not limited': {
			find: 'cancels: tenPerSecond()',
			put: 'cancels: { limiter: new RateLimiter({ perSecond: 100 }, systemClock) }',
			caughtBy: 'workflow/stopOwnership',
		},
	}),
	...mutantsOf('run/nodeRun', 'workflow/stopOwnership', {
		'every item listens on the signal of the execution': {
			find: 'perObject((signal: AbortSignal) => new AbortScope(signal))',
			put: '(signal: AbortSignal) => new AbortScope(signal)',
			caughtBy: 'nothingIsLeft',
		},
		'the limit of images is not kept': {
			find: 'this.images > max',
			put: 'false',
			caughtBy: 'workflow/maxImages',
		},
		'Stop waits for a create that hangs': { find: 'reject(new Aborted())', put: '0' },
		'Stop waits for its cancels without end': {
			find: 'systemClock.now() + STOP_GRACE_MS',
			put: 'Infinity',
		},
		'Stop between two tries forgets the tasks': {
			find: '!this.mayRunAgain && !this.stop.aborted',
			put: 'true',
		},
		'Stop after the end cancels what has been handed on': {
			find: '!this.mayRunAgain && !this.stop.aborted',
			put: 'false',
			caughtBy: 'unit/run/nodeRun',
		},
		"a run stays attached to n8n's signal after its end": {
			within: 'settle',
			find: 'this.scope.close();',
			put: ';',
			caughtBy: 'unit/run/nodeRun',
		},
	}),
	...mutantsOf('run/runError', 'workflow/partialFailure', {
		'what became of the other items is not told': {
			find: "if (others) error.description = [error.description, others].filter(Boolean).join('\\n\\n');",
			put: ';',
		},
	}),
	...mutantsOf('run/taskState', 'deadAreLeftAlone', {
		'a task that has succeeded counts as open': {
			find: "{ ...(life as CreatedTask), is: 'succeeded' }",
			put: "{ ...(life as CreatedTask), is: 'open' }",
			given: { ...GENERATE, items: 2, cancelOnStop: true, ...stopAfter(6) },
		},
	}),
	...mutantsOf('run/tasks', 'unit/run/tasks', {
		'after Stop the log does not say that a task may exist': {
			find: 'unclear && stop.aborted',
			put: 'false',
			caughtBy: 'workflow/stopOwnership',
		},
		'a killed n8n has no request ID in its log': {
			find: "item.progress.report('info', life.requestId, 'created')",
			put: "item.progress.report('debug', life.requestId, 'created')",
			given: { ...GENERATE, stop: undefined, crash: { afterRequests: 4, plusMs: 900 } },
			caughtBy: 'nothingLost',
		},
		'a create without a clear answer is forgotten': {
			within: 'create',
			find: 'error instanceof TaskError && error.details.possiblyCreated',
			put: 'false',
			caughtBy: 'paidOnce',
		},
		'a later try does not join a create that is under way': {
			within: 'obtain',
			find: 'await task.settled',
			put: 'return await this.create(item, body, send)',
			given: { ...TRIES, items: 8, throwsFrom: 2, batchInterval: 1 },
			caughtBy: 'paidOnce',
		},
		'Stop leaves tasks alone': {
			within: 'add',
			put: 'this.tasks.set(task.id, task); return task;',
			caughtBy: 'stopMeansStop',
		},
		'a create that was under way is created again unasked': {
			find: "'unconfirmed' in entry && entry.unconfirmed !== item.executionId",
			put: 'true',
		},
		'an unclear create is tried again': {
			find: "if (task.life.is === 'unconfirmed') throw unconfirmedBefore();",
			put: "if (task.life.is === 'unconfirmed') return await this.create(item, body, send);",
		},
		'a create is in the ledger only when it was answered': {
			find: 'this.ledger.set(key, { creating: item.executionId })',
			put: '0',
		},
		'the credential is not read ahead of a cancel': {
			find: 'void task.item.prepare()',
			put: '0',
			caughtBy: 'unit/run/cancelOnStop',
		},
	}),
	...mutantsOf('run/task', 'unit/run/tasks', {
		'an expression that yields another body creates a second task': {
			find: 'isTool && key !== undefined',
			put: 'key !== undefined',
		},
		'two calls of an agent are one task': { find: 'isTool && key !== undefined', put: 'false' },
	}),
];
