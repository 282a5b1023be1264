import { mutantsOf, TRIES, WAITS } from './mutant';

export const timing = [
	...mutantsOf('timing/abort', 'unit/timing/abort', {
		'a closed scope stays attached': { find: 'this.detach();', put: ';' },
		'a late handler is not called': { within: 'onAbort', find: 'handler();', put: ';' },
	}),
	...mutantsOf('timing/clock', 'unit/timing/clock', {
		'the clock goes by the time of day': {
			find: 'now: () => performance.now()',
			put: 'now: () => Date.now()',
		},
		'a sleep leaves a handler': { find: 'sleeping.close();', put: ';' },
		'a call knows no deadline': { find: 'working.abort()', put: '0', caughtBy: 'Execution' },
		'work that has ended keeps its timer': {
			find: 'timer.abort()',
			put: 'undefined',
			caughtBy: 'unit/timing/deadline',
		},
	}),
	...mutantsOf('timing/poll', 'costIsLinear', {
		'a wait reads the clock every millisecond': {
			find: 'await clock.sleepUntil(Math.min(wantedAt, it.deadline), scope);',
			put: `const until = Math.min(wantedAt, it.deadline);
			while (clock.now() < until) await clock.sleepUntil(clock.now() + 1, scope);`,
			given: { ...WAITS, items: 1 },
		},
		'a wait sleeps past its deadline': {
			find: 'Math.min(wantedAt, it.deadline)',
			put: 'wantedAt',
			given: { ...WAITS, items: 1, timeout: 10, pollInterval: 20 },
			caughtBy: 'timeoutsAreKept',
		},
		'a task that has ended at the last poll is timed out': {
			find: 'it.hasEnded(value)',
			put: 'it.hasEnded(value) && !isLast',
			caughtBy: 'unit/timing/poll',
		},
	}),
	...mutantsOf('timing/rateLimiter', 'refusalsAreHonoured', {
		'Retry-After is not honoured': { find: 'Math.max(retryAfterMs, backoff)', put: 'backoff' },
		'Retry-After: 0 is a hot loop': {
			find: 'Math.max(retryAfterMs, backoff)',
			put: 'retryAfterMs',
		},
		'a later refusal shortens an earlier hold': {
			find: 'Math.max(this.heldUntil, now + Math.max(retryAfterMs, backoff))',
			put: 'now + Math.max(retryAfterMs, backoff)',
			caughtBy: 'unit/timing/rateLimiter',
		},
		'whoever waits when a long hold begins waits for its end': {
			within: 'refused',
			find: 'if (isHeldTooLong()) waiting.abort();',
			put: ';',
			caughtBy: 'unit/timing/rateLimiter',
		},
	}),
	...mutantsOf('timing/retry', 'paidOnce', {
		'an abort hides what became of a create': {
			find: 'const outcome = await attempt();',
			given: { ...TRIES, items: 6, onError: 'stopWorkflow' },
			put: "const outcome = await attempt(); if (!('value' in outcome)) scope.throwIfAborted();",
		},
		'a refusal counts as a failure': {
			find: 'counts[repeat]++',
			put: 'counts.failed++',
			caughtBy: 'unit/timing/retry',
		},
	}),
	...mutantsOf('timing/schedule', 'unit/timing/schedule', {
		'a late task is polled more and more seldom': {
			find: 'Math.min(Math.max((ageMs - latest) / 3, dense), usual)',
			put: 'ageMs',
		},
	}),
	...mutantsOf('timing/semaphore', 'Execution', {
		'a permit is never given back': { find: 'this.held--', put: '0' },
	}),
];
