import { mutantsOf, TRIES, WAITS } from './mutant';

const HOLD = 'Math.max(retryAfterMs, backoff)';

export const timing = mutantsOf({
	'timing/abort: unit/timing/abort': {
		'a late handler is not called': 'in onAbort: handler(); → ;',
	},
	'timing/clock: unit/timing/clock': {
		'the clock goes by the time of day': 'now: () => performance.now() → now: () => Date.now()',
		'a sleep leaves a handler': 'sleeping.close(); → ;',
	},
	'timing/clock: Execution': { 'a call knows no deadline': 'working.abort() → 0' },
	'timing/clock: unit/timing/deadline': {
		'work that has ended keeps its timer': 'timer.abort() → undefined',
	},
	'timing/poll: costIsLinear': {
		'a wait reads the clock every millisecond': {
			change:
				'await clock.sleepUntil(Math.min(wantedAt, it.deadline), scope); → ' +
				'while (clock.now() < wantedAt) await clock.sleepUntil(clock.now() + 1, scope);',
			given: { ...WAITS, items: 1 },
		},
	},
	'timing/poll: timeoutsAreKept': {
		'a wait sleeps past its deadline': {
			change: 'Math.min(wantedAt, it.deadline) → wantedAt',
			given: { ...WAITS, items: 1, timeout: 10, pollInterval: 20 },
		},
	},
	'timing/poll: unit/timing/poll': {
		'a task that has ended at the last poll is timed out':
			'it.hasEnded(value) → it.hasEnded(value) && !isLast',
	},
	'timing/rateLimiter: refusalsAreHonoured': {
		'Retry-After is not honoured': { change: `${HOLD} → backoff`, seed: 26 },
		'Retry-After: 0 is a hot loop': { change: `${HOLD} → retryAfterMs`, seed: 15 },
	},
	'timing/rateLimiter: unit/timing/rateLimiter': {
		'a later refusal shortens an earlier hold': `Math.max(this.heldUntil, now + ${HOLD}) → now + ${HOLD}`,
		'whoever waits when a long hold begins waits for its end':
			'in refused: if (isHeldTooLong()) waiting.abort(); → ;',
	},
	'timing/retry: paidOnce': {
		'an abort hides what became of a create': {
			change:
				"const isLater = repeat === 'later'; → scope.throwIfAborted(); const isLater = false;",
			given: { ...TRIES, items: 6, onError: 'stopWorkflow' },
		},
	},
	'timing/retry: unit/timing/retry': {
		'a refusal counts as a failure': 'counts[repeat]++ → counts.failed++',
	},
	'timing/schedule: unit/timing/schedule': {
		'a late task is polled more and more seldom':
			'Math.min(Math.max((ageMs - latest) / 3, dense), usual) → ageMs',
	},
	'timing/semaphore: Execution': { 'a permit is never given back': 'this.held-- → 0' },
});
