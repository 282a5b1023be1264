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
			name: '"Cancel on Stop" is not heeded',
			find: '!item.cancelOnStop',
			put: 'false',
			seenAs: 'stopMeansStop',
			given: STOPS,
		},
		{
			name: 'a cancel after Stop is given up after a minute',
			find: 'CANCEL_ON_STOP_MS = 600_000',
			put: 'CANCEL_ON_STOP_MS = 60_000',
			caughtBy: 'workflow/stopOwnership',
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
			find: 'isStopped: true',
			put: 'isStopped: false',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'a cancel that fails is not in the log',
			find: "progress.log('warn', 'stopped: could not cancel the task', { requestId, reason })",
			put: 'undefined',
		},
		{
			name: 'what a cancel on Stop brought is not noted',
			find: 'onCancelled(accepted);',
			put: ';',
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
			find: 'tasks && Object.hasOwn(tasks, key)',
			put: 'tasks',
		},
		{ name: 'an entry cannot be deleted', find: 'delete tasks[key]', put: '0' },
	]),
];
