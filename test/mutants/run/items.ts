import { mutantsOf } from '../mutant';

export const items = [
	...mutantsOf('run/item', 'workflow/outputItems', [
		{
			name: 'an item without its link',
			within: 'link',
			put: 'return items;',
			seenAs: 'itemsAreTrue',
		},
		{
			name: 'Batching is not noticed',
			find: '(batching?.batch?.batchInterval ?? 0) > 0',
			put: 'false',
			caughtBy: 'workflow/maxImages',
		},
		{
			name: 'a failure of a tool is thrown at its agent',
			find: 'this.isTool && !this.node.retryOnFail',
			put: 'false',
			caughtBy: 'workflow/tool',
		},
		{
			name: 'a tool with Retry On Fail never retries',
			find: '!this.node.retryOnFail',
			put: 'true',
			caughtBy: 'workflow/tool',
		},
		{
			name: 'every failure ends the run',
			within: 'endsRun',
			find: '!this.context.continueOnFail()',
			put: 'true',
			caughtBy: 'workflow/partialFailure',
		},
	]),
	...mutantsOf('run/parameters', 'workflow/refusedParameters', [
		{
			name: 'a text of seconds is refused',
			find: "typeof value === 'string' && value.trim() !== '' ? Number(value) : value",
			put: 'value',
			caughtBy: 'workflow/timeout',
		},
		{
			name: 'a time-out of nothing is taken',
			find: "seconds(timeout, 'Timeout (Seconds)', 1, MAX_TIMEOUT_SECONDS)",
			put: "seconds(timeout, 'Timeout (Seconds)', 0, MAX_TIMEOUT_SECONDS)",
		},
		{
			name: 'a time-out of two days is taken',
			find: 'MAX_TIMEOUT_SECONDS = 86_400',
			put: 'MAX_TIMEOUT_SECONDS = 172_800',
		},
		{
			name: 'a poll interval of no time is taken',
			find: 'MIN_POLL_INTERVAL_SECONDS = 0.5',
			put: 'MIN_POLL_INTERVAL_SECONDS = 0.1',
		},
		{
			name: 'a poll interval of two hours is taken',
			find: 'MAX_POLL_INTERVAL_SECONDS = 3600',
			put: 'MAX_POLL_INTERVAL_SECONDS = 7200',
		},
		{
			name: 'a word that is no choice is taken',
			within: 'choice',
			find: 'chosen !== undefined',
			put: 'true',
		},
		{ name: 'a word is true or false', within: 'yesOrNo', put: 'return Boolean(value);' },
		{
			name: '"true" as a text is refused',
			find: "value === 'true' || value === 'false'",
			put: 'false',
			caughtBy: 'workflow/request',
		},
		{
			name: 'a wait has five minutes',
			find: 'timeout = 600',
			put: 'timeout = 300',
			caughtBy: 'workflow/timeout',
		},
		{
			name: 'a time-out cancels by default',
			find: "onTimeout = 'fail'",
			put: "onTimeout = 'cancel'",
			caughtBy: 'workflow/timeout',
		},
		{
			name: 'Stop leaves the tasks by default',
			find: 'cancelOnStop = true',
			put: 'cancelOnStop = false',
			caughtBy: 'workflow/stop',
		},
		{
			name: 'Wait for Completion is ignored',
			find: "!yesOrNo(item.parameter('waitForCompletion', true), 'Wait for Completion')",
			put: 'false',
			caughtBy: 'workflow/outputItems',
		},
		{
			name: 'a poll interval of 0 is refused',
			find: 'Number(pollInterval) !== 0',
			put: 'true',
			caughtBy: 'workflow/timeout',
		},
		{
			name: 'a poll interval left empty is refused',
			find: '!isUnset(pollInterval)',
			put: 'true',
			caughtBy: 'workflow/request',
		},
		{
			name: 'a file may be kept where JavaScript keeps nothing',
			find: "['__proto__', 'constructor', 'prototype']",
			put: '[]',
			caughtBy: 'workflow/conclusions',
		},
		{
			name: 'a tool downloads images',
			find: 'download && !item.isTool',
			put: 'download',
			caughtBy: 'workflow/tool',
		},
		{
			name: 'blanks around the field of the file are kept',
			find: 'binaryProperty: name.trim()',
			put: 'binaryProperty: name',
			caughtBy: 'workflow/outputItems',
		},
		{
			name: 'images come in one item by default',
			find: "imageOutput = 'itemPerImage'",
			put: "imageOutput = 'singleItem'",
			caughtBy: 'workflow/outputItems',
		},
		{
			name: 'five tasks are in flight by default',
			find: 'maxTasksInFlight: max = 10',
			put: 'maxTasksInFlight: max = 5',
			caughtBy: 'workflow/inputItems',
		},
		{ name: '101 tasks may be in flight', find: 'wholeNumber(1, 100)', put: 'wholeNumber(1, 101)' },
		{
			name: '0 allows no image',
			find: "Number(wholeNumber(0, Number.MAX_SAFE_INTEGER)(max, 'Max Images per Run')) || Infinity",
			put: "Number(wholeNumber(0, Number.MAX_SAFE_INTEGER)(max, 'Max Images per Run'))",
			caughtBy: 'workflow/maxImages',
		},
	]),
	...mutantsOf('run/progress', 'workflow/timeout', [
		{
			name: 'a task that continues unchanged is reported at every poll',
			find: 'message === this.last.message && now < this.last.at + REPORT_AGAIN_MS',
			put: 'false',
		},
		{
			name: 'a task that continues unchanged is never reported',
			find: 'now < this.last.at + REPORT_AGAIN_MS',
			put: 'true',
		},
		{
			name: 'a change of state is not reported',
			find: 'message === this.last.message',
			put: 'true',
		},
		{
			name: 'a log line does not name its task',
			find: "details.requestId ? `task ${details.requestId as string}, ` : ''",
			put: "''",
		},
		{
			name: 'a log line does not name its execution',
			find: '`${task}execution ${executionId}, item ${itemIndex}`',
			put: '`${task}item ${itemIndex}`',
		},
		{
			name: 'an unknown word is not reported',
			find: 'word.endsWith(UNKNOWN)',
			put: 'false',
		},
		{
			name: 'nothing is shown in the console of the editor',
			find: 'context.sendMessageToUI?.(`Task ${requestId} ${what}`);',
			put: ';',
		},
		{ name: 'every poll is a line of the log', find: "ended ? 'info' : 'debug'", put: "'info'" },
	]),
];
