import { mutantsOf } from '../mutant';

const TRIES = { operation: 'generate', tries: 3 } as const;
const STOPS = {
	...TRIES,
	cancelOnStop: false,
	stop: { execution: 1, afterRequests: 3, plusMs: 0 },
};

export const ledger = [
	...mutantsOf('run/cancelOnStop', 'unit/run/cancelOnStop', [
		{
			name: 'cancels are aborted by the Stop that they follow',
			find: 'new AbortScope()',
			put: 'item.stop',
			seenAs: 'stopMeansStop',
		},
		{
			name: '"Cancel on Stop" is ignored',
			find: '!item.cancelOnStop',
			put: 'false',
			seenAs: 'stopMeansStop',
			given: STOPS,
		},
		{
			name: 'a cancel after Stop is given up after a minute',
			find: 'CANCEL_ON_STOP_MS = 600_000',
			put: 'CANCEL_ON_STOP_MS = 60_000',
			seenAs: 'stopMeansStop',
			given: { ...TRIES, cancelOnStop: true, stop: { execution: 1, afterRequests: 3, plusMs: 0 } },
		},
		{
			name: 'a cancel after Stop is given up with its first failure',
			find: 'maxFailures: Infinity',
			put: 'maxFailures: 1',
			caughtBy: 'workflow/stop',
		},
		{
			name: 'a cancel after Stop is given up where the task is not known yet',
			find: 'graceMs: NOT_FOUND_GRACE_MS',
			put: 'graceMs: 0',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'a cancel after Stop waits behind refused polls',
			find: 'givesUp: true',
			put: 'givesUp: false',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'a cancel that fails is not in the log',
			find: "progress.log('warn', 'stopped: could not cancel the task', { requestId, reason })",
			put: 'undefined',
		},
		{
			name: 'what a cancel on Stop brought is not noted',
			find: "onCancelled(accepted ? 'ended' : 'succeeded');",
			put: ';',
		},
		{
			name: 'a cancel that came too late discards the task',
			find: "accepted ? 'ended' : 'succeeded'",
			put: "'ended'",
		},
	]),
	...mutantsOf('run/ledger', 'unit/run/ledger', [
		{
			name: 'nothing is remembered of earlier executions',
			within: 'get',
			put: 'return undefined;',
			seenAs: 'paidOnce',
			given: TRIES,
		},
		{
			name: 'another run of the node finds the task',
			find: '`${runIndex}.${itemIndex}.${fingerprint(JSON.stringify(body))}`',
			put: '`${itemIndex}.${fingerprint(JSON.stringify(body))}`',
		},
		{
			name: 'another item finds the task',
			find: '`${runIndex}.${itemIndex}.${fingerprint(JSON.stringify(body))}`',
			put: '`${runIndex}.${fingerprint(JSON.stringify(body))}`',
		},
		{
			name: 'another body finds the task',
			find: '`${runIndex}.${itemIndex}.${fingerprint(JSON.stringify(body))}`',
			put: '`${runIndex}.${itemIndex}`',
		},
		{
			name: 'the prompt is kept with the execution',
			find: 'fingerprint(JSON.stringify(body))',
			put: 'JSON.stringify(body)',
		},
		{ name: 'texts of one length have one fingerprint', find: 'text.charCodeAt(at)', put: '7' },
		{
			name: 'a key that JavaScript keeps has an entry',
			find: 'Object.hasOwn(this.entries, key)',
			put: 'true',
		},
		{
			name: 'the ledger keeps a task that leaves nothing',
			find: 'delete this.entries[key]',
			put: '0',
		},
		{
			name: 'a task that was created is not in the ledger',
			find: 'this.set(key, { id: life.requestId, createdAt, ...succeeded });',
			put: ';',
		},
		{
			name: 'that a task has succeeded is not in the ledger',
			find: '({ succeeded: true } as const)',
			put: 'false',
		},
		{
			name: 'a create without an answer is not in the ledger',
			find: 'this.set(key, { unconfirmed: executionId })',
			put: '0',
		},
	]),
];
