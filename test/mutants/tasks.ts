import { GENERATE, mutantsOf, stopAfter, TRIES } from './mutant';

const KEY = 'fingerprint(JSON.stringify(body))';

/** The tasks of a run: who owns them, what is remembered of them, and what Stop does with them. */
export const tasks = mutantsOf({
	'run/cancelOnStop: stopMeansStop': {
		'cancels are aborted by the Stop that they follow': 'new AbortScope() → item.stop',
		'"Cancel on Stop" is ignored': {
			change: '!item.cancelOnStop → false',
			given: { ...TRIES, cancelOnStop: false, ...stopAfter(3) },
		},
		'a cancel after Stop is given up after a minute': {
			change: 'CANCEL_ON_STOP_MS = 600_000 → CANCEL_ON_STOP_MS = 60_000',
			given: { ...TRIES, cancelOnStop: true, ...stopAfter(3) },
			seed: 202,
		},
	},
	'run/cancelOnStop: workflow/stopOwnership': {
		'a cancel after Stop is given up where the task is not known yet':
			'graceMs: NOT_FOUND_GRACE_MS → graceMs: 0',
		'a cancel after Stop waits behind refused polls': 'givesUp: true → givesUp: false',
	},
	'run/cancelOnStop: unit/run/cancelOnStop': {
		'a cancel that came too late discards the task': "accepted ? 'ended' : 'succeeded' → 'ended'",
	},
	'run/ledger: paidOnce': {
		'nothing is remembered of earlier executions': {
			change: 'in get: return undefined;',
			seed: 12,
		},
	},
	'run/ledger: unit/run/ledger': {
		'another item finds the task': `\`\${runIndex}.\${itemIndex}.\${${KEY}}\` → ${KEY}`,
	},
	'run/ledger: unit/run/tasks': {
		'a create without an answer is not in the ledger':
			'this.set(key, { unconfirmed: executionId }) → 0',
	},
	'run/nodeExecution: callsAreLimited': {
		'reads are not limited': {
			change: 'MAX_CALLS_PER_SECOND = 10 → MAX_CALLS_PER_SECOND = 1000',
			seed: 19,
		},
		'creates are not limited': {
			change: 'FIRST_CREATES_PER_SECOND = 20 → FIRST_CREATES_PER_SECOND = 1000',
			given: { ...TRIES, items: 60, inFlight: 100 },
		},
	},
	'run/nodeExecution: workflow/stopOwnership': {
		'cancels on Stop are not limited':
			'cancels: tenPerSecond() → ' +
			'cancels: { limiter: new RateLimiter({ perSecond: 100 }, systemClock) }',
	},
	'run/nodeRun: nothingIsLeft': {
		'every item listens on the signal of the execution': {
			change:
				'perObject((signal: AbortSignal) => new AbortScope(signal)) → ' +
				'(signal: AbortSignal) => new AbortScope(signal)',
			seed: 16,
		},
	},
	'run/startBarrier: Nobody handled': {
		'an item that has failed ends before n8n has started all': {
			change: 'new Promise((resolve) => (this.onAllStarted = resolve)) → Promise.resolve()',
			given: { ...GENERATE, onError: 'stopWorkflow', batchInterval: 20_000, ...stopAfter(2) },
		},
	},
	'run/nodeRun: workflow/maxImages': {
		'the limit of images is not kept': 'this.images > max → false',
	},
	'run/nodeRun: workflow/stopOwnership': {
		'Stop waits for a create that hangs': 'reject(new Aborted()) → 0',
		'Stop waits for its cancels without end': 'systemClock.now() + STOP_GRACE_MS → Infinity',
		'Stop between two tries forgets the tasks': '!this.mayRunAgain && !this.stop.aborted → true',
	},
	'run/nodeRun: unit/run/nodeRun': {
		'Stop after the end cancels what has been handed on':
			'!this.mayRunAgain && !this.stop.aborted → false',
		"a run stays attached to n8n's signal after its end": 'in settle: this.scope.close(); → ;',
	},
	'run/runError: workflow/partialFailure': {
		'the error does not mention the other items': 'if (this.first === undefined) return; → return;',
	},
	'run/taskState: deadAreLeftAlone': {
		'a task that has succeeded counts as open': {
			change: "in nextLife: is: 'succeeded' → is: 'open'",
			given: { ...GENERATE, items: 2, cancelOnStop: true, ...stopAfter(6) },
		},
	},
	'run/tasks: workflow/stopOwnership': {
		'after Stop the log does not say that a task may exist': 'unclear && stop.aborted → false',
	},
	'run/tasks: nothingLost': {
		'a killed n8n has no request ID in its log': {
			change: "item.progress.report('info', life.requestId, 'created') → 0",
			given: { ...GENERATE, stop: undefined, crash: { afterRequests: 4, plusMs: 900 } },
		},
	},
	'run/tasks: paidOnce': {
		'a create without a clear answer is forgotten': {
			change: 'in create: error instanceof TaskError && error.details.possiblyCreated → false',
			seed: 45,
		},
		'a later try does not join a create that is under way': {
			change: 'in obtain: await task.settled → return await this.create(item, body, send)',
			given: { ...TRIES, items: 8, throwsFrom: 2, batchInterval: 1 },
		},
	},
	'run/tasks: stopMeansStop': {
		'Stop leaves tasks alone': 'in add: this.tasks.set(task.id, task); return task;',
	},
	'run/tasks: unit/run/tasks': {
		'a create that was under way is created again unasked':
			"'unconfirmed' in entry && entry.unconfirmed !== item.executionId → true",
		'a create is in the ledger only when it was answered':
			'this.ledger.set(key, { creating: item.executionId }) → 0',
	},
	'run/tasks: unit/run/cancelOnStop': {
		'the credential is not read ahead of a cancel': 'void task.item.prepare() → 0',
	},
	'run/task: unit/run/tasks': {
		'an expression that yields another body creates a second task':
			'isTool && key !== undefined → key !== undefined',
		'two calls of an agent are one task': 'isTool && key !== undefined → false',
	},
});
