import { mutantsOf } from './mutant';

const WAITS = { operation: 'generate', wait: true, tries: 1, retryExecution: 0 } as const;
const FAILS = { operation: 'generate', tries: 3, items: 6, onError: 'stopWorkflow' } as const;

export const timing = [
	...mutantsOf('timing/abort', 'unit/timing/abort', [
		{
			name: 'a signal that has been aborted is not noticed',
			find: 'signal?.aborted',
			put: 'false',
		},
		{ name: 'handlers are called at every abort', find: 'if (this.aborted) return;', put: ';' },
		{ name: 'a closed scope stays attached', find: 'this.detach();', put: ';' },
		{ name: 'a closed scope calls its handlers', find: 'this.handlers.clear();', put: ';' },
		{ name: 'a child is not aborted with its parent', find: 'child.abort()', put: '{}' },
		{ name: 'a handler cannot be taken off', find: 'this.handlers.delete(entry)', put: '0' },
		{
			name: 'a handler that comes after the abort is not called',
			...{ within: 'onAbort', find: 'handler();', put: ';' },
		},
		{
			name: 'a scope makes a new signal each time',
			...{ find: 'if (this.controller) return this.controller.signal;', put: ';' },
		},
	]),
	...mutantsOf('timing/backoff', 'unit/timing/backoff', [
		{ name: 'a backoff grows to minutes', find: '30_000', put: '300_000' },
		{ name: 'a backoff does not grow', find: '2 ** attempt', put: '1' },
		{ name: 'clients that failed together come back together', find: '0.5 + random / 2', put: '1' },
		{
			name: 'Retry-After may be of any length',
			find: 'Math.min(ms, MAX_RETRY_AFTER_MS)',
			put: 'ms',
		},
		{
			name: 'Retry-After is in milliseconds',
			find: 'Number(trimmed) * 1_000',
			put: 'Number(trimmed)',
		},
		{
			name: 'a Retry-After in the past is less than nothing',
			...{
				find: 'Math.max(0, Date.parse(trimmed) - nowDate)',
				put: 'Date.parse(trimmed) - nowDate',
			},
		},
		{ name: 'a long header is read as a whole', find: 'text.slice(0, 99)', put: 'text' },
		{ name: 'a header that came twice is not read', find: 'Array.isArray(header)', put: 'false' },
	]),
	...mutantsOf('timing/clock', 'unit/timing/clock', [
		{
			name: 'the clock goes by the time of day',
			...{ find: 'now: () => performance.now()', put: 'now: () => Date.now()' },
		},
		{ name: 'a sleep ends with its first timer', find: 'sleeping.close();', put: 'return;' },
		{ name: 'a sleep leaves a handler', find: 'sleeping.close();', put: ';' },
		{
			name: 'a sleep begins though its scope is aborted',
			...{ within: 'sleepUntil', find: 'scope.throwIfAborted();', put: ';' },
		},
	]),
	...mutantsOf('timing/clock', 'unit/timing/deadline', [
		{
			name: 'a call knows no deadline',
			find: 'working.abort()',
			put: 'undefined',
			seenAs: 'Execution',
		},
		{ name: 'work begins after its deadline', find: 'clock.now() >= deadline', put: 'false' },
		{ name: 'a deadline is told as an abort', find: 'scope.aborted', put: 'true' },
		{ name: 'an abort is told as a deadline', find: 'scope.aborted', put: 'false' },
		{ name: 'work that has ended keeps its timer', find: 'timer.abort()', put: 'undefined' },
	]),
	...mutantsOf('timing/poll', 'unit/timing/poll', [
		{
			name: 'a wait looks at the clock every millisecond',
			find: 'await clock.sleepUntil(Math.min(wantedAt, it.deadline), scope);',
			put: `const until = Math.min(wantedAt, it.deadline);
			while (clock.now() < until) await clock.sleepUntil(clock.now() + 1, scope);`,
			seenAs: 'costIsLinear',
			given: { ...WAITS, items: 1 },
		},
		{
			name: 'a wait sleeps past its deadline',
			...{ find: 'Math.min(wantedAt, it.deadline)', put: 'wantedAt', seenAs: 'timeoutsAreKept' },
			given: { ...WAITS, items: 1, timeout: 10, pollInterval: 20 },
		},
		{
			name: 'a task that has ended at the last poll is timed out',
			...{ find: 'it.hasEnded(value)', put: 'it.hasEnded(value) && !isLast' },
		},
		{ name: 'what was read last is forgotten', find: 'last = value;', put: ';' },
		{ name: 'the first poll is not sent when it is wanted', find: 'it.firstAt', put: 'undefined' },
		{ name: 'every interval is that of a new task', find: 'clock.now() - it.createdAt', put: '0' },
		{ name: 'a poll is told to nobody', find: 'it.onRead?.(value);', put: ';' },
	]),
	...mutantsOf('timing/rateLimiter', 'unit/timing/rateLimiter', [
		{
			name: 'Retry-After is not honoured',
			...{ find: 'Math.max(retryAfterMs, backoff)', put: 'backoff', seenAs: 'refusalsAreHonoured' },
		},
		{
			name: 'Retry-After: 0 is a hot loop',
			...{ find: 'Math.max(retryAfterMs, backoff)', put: 'retryAfterMs' },
			seenAs: 'refusalsAreHonoured',
		},
		{
			name: 'a later refusal shortens an earlier hold',
			find: 'Math.max(this.heldUntil, now + Math.max(retryAfterMs, backoff))',
			put: 'now + Math.max(retryAfterMs, backoff)',
		},
		{
			name: 'a second has room for more than a second',
			find: 'WINDOW_MS = 1_005',
			put: 'WINDOW_MS = 905',
		},
		{ name: 'the first hold is short', find: 'FIRST_HOLD_MS = 500', put: 'FIRST_HOLD_MS = 50' },
		{ name: 'a refusal does not lower the rate', find: 'CAUTION = 0.96', put: 'CAUTION = 9' },
		{ name: 'the rate may become nothing', find: 'MIN_RATE = 0.5', put: 'MIN_RATE = 0.001' },
		{ name: 'the rate comes back at once', find: 'CALM_MS = 30_000', put: 'CALM_MS = 0' },
		{
			name: 'the rate comes back slowly',
			find: 'DOUBLING_MS = 10_000',
			put: 'DOUBLING_MS = 100_000',
		},
		{
			name: 'each refusal in a hold begins a row of its own',
			...{ find: 'now >= this.heldUntil && this.holds++ === 0', put: 'this.holds++ === 0' },
		},
		{
			name: 'what was sent before a hold ends its row',
			...{ find: 'this.clock.now() >= this.heldUntil', put: 'true' },
		},
		{ name: 'growth is not noticed by those that wait', find: 'this.sleeping.abort();', put: ';' },
		{ name: 'growth does not end with a refusal', find: 'this.limits = { perSecond };', put: ';' },
		{
			name: 'every limit grows',
			find: 'this.limits.grows ? 2 * accepted : 0',
			put: '2 * accepted',
		},
		{
			name: 'whoever asks behind a long hold waits for its end',
			...{ within: 'turn', find: 'if (isHeldTooLong()) waiting.abort();', put: ';' },
		},
		{
			name: 'whoever waits when a long hold begins waits for its end',
			...{ within: 'refused', find: 'if (isHeldTooLong()) waiting.abort();', put: ';' },
		},
		{ name: 'those that have waited are kept', find: 'this.waiting.delete(waiting);', put: ';' },
		{ name: 'a turn leaves a handler', find: 'waiting.close();', put: ';' },
		{ name: 'a newcomer overtakes those that wait', find: 'this.waiting.size === 0', put: 'true' },
		{ name: 'what was accepted long ago counts', find: 'now - 1_000', put: 'now - 10_000' },
		{ name: 'a hold counts as calm', find: 'now - this.heldUntil - CALM_MS', put: 'now - CALM_MS' },
	]),
	...mutantsOf('timing/retry', 'unit/timing/retry', [
		{
			name: 'an abort hides what became of a create',
			...{ find: 'const outcome = await attempt();', seenAs: 'paidOnce', given: FAILS },
			put: "const outcome = await attempt(); if (!('value' in outcome)) scope.throwIfAborted();",
		},
		{
			name: 'one failure too many is repeated',
			find: 'counts.failed >= maxFailures',
			put: 'counts.failed > maxFailures',
		},
		{ name: 'a refusal counts as a failure', find: 'counts[repeat]++', put: 'counts.failed++' },
		{ name: 'a pause may end past the deadline', find: 'waitMs > leftMs', put: 'false' },
		{
			name: 'a repeated call does not wait for Retry-After',
			find: 'Math.max(retryAfterMs, Math.min(backoff, isLater ? leftMs : Infinity))',
			put: 'Math.min(backoff, isLater ? leftMs : Infinity)',
		},
		{
			name: 'what is not there yet is waited for to the deadline',
			find: 'isLater ? graceUntil : Infinity',
			put: 'Infinity',
		},
		{ name: 'the grace is not used up', find: 'isLater ? leftMs : Infinity', put: 'Infinity' },
	]),
	...mutantsOf('timing/schedule', 'unit/timing/schedule', [
		{ name: 'the first poll is late', find: 'FIRST_POLL_MS = 2_500', put: 'FIRST_POLL_MS = 5_000' },
		{ name: 'two polls may follow at once', find: 'MIN_GAP_MS = 250', put: 'MIN_GAP_MS = 1' },
		{ name: 'old tasks are polled as often as young ones', find: 'ageMs / 40', put: '0' },
		{ name: 'the interval grows without end', find: '5_000', put: '500_000' },
		{ name: 'one task tells how long all take', find: '1 + 1 / foundEndedMs.length', put: '1' },
		{
			name: 'a narrow range is polled seldom',
			find: '(latest - earliest) / 20',
			put: '(latest - earliest)',
		},
		{
			name: 'nothing is learned from what has ended',
			find: 'foundEndedMs.length === 0',
			put: 'true',
		},
		{ name: 'nobody polls before the others ended', find: '4 * usual', put: 'Infinity' },
		{
			name: 'a late task is polled more and more seldom',
			find: 'Math.min(Math.max((ageMs - latest) / 3, dense), usual)',
			put: 'ageMs',
		},
		{ name: 'items poll in step', find: '0.9 + random / 5', put: '1' },
		{ name: 'items poll in step at their own interval', find: '1 + random / 10', put: '1' },
	]),
	...mutantsOf('timing/semaphore', 'unit/timing/semaphore', [
		{ name: 'a permit is never given back', find: 'this.held--', put: '0', seenAs: 'Execution' },
		{
			name: 'one permit too many',
			find: 'this.held >= this.head.permits',
			put: 'this.held > this.head.permits',
		},
		{ name: 'an aborted waiter takes a permit', find: 'this.head.scope.aborted', put: 'false' },
		{
			name: 'an abort lets nobody in',
			find: 'reject(new Aborted());',
			put: 'reject(new Aborted()); return;',
		},
		{ name: 'work begins though its scope is aborted', find: 'scope.throwIfAborted();', put: ';' },
		{ name: 'a permit leaves a handler', find: 'resolve(ignoreAbort())', put: 'resolve()' },
		{ name: 'the last to wait is forgotten', find: 'this.last = undefined;', put: ';' },
	]),
];
