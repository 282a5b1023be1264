import { mutantsOf } from './mutant';

export const errors = [
	...mutantsOf('errors/calls', 'unit/errors/errors', [
		{
			name: 'a create that was not sent does not say that nothing was made',
			within: 'notSent',
			find: "call === 'create' && NO_TASK",
			put: 'undefined',
			caughtBy: 'workflow/unsent',
		},
		{
			name: 'a create that was cut off has made no task',
			within: 'unclear',
			find: "possiblyCreated: call === 'create'",
			put: 'possiblyCreated: false',
		},
		{
			name: 'a status that was cut off may have made a task',
			within: 'unclear',
			find: "possiblyCreated: call === 'create'",
			put: 'possiblyCreated: true',
		},
		{
			name: 'a create that was cut off says that it failed',
			within: 'unclear',
			find: "call === 'create' ? mayExist(reason) : `${couldNot(call, requestId)}: ${reason}`",
			put: '`${couldNot(call, requestId)}: ${reason}`',
			caughtBy: 'workflow/createResponses',
		},
		{
			name: 'an earlier create without an answer has made no task',
			within: 'unconfirmedBefore',
			find: 'possiblyCreated: true',
			put: 'possiblyCreated: false',
		},
		{
			name: 'a hold of the rate limiter is a failure',
			within: 'rateLimitHolds',
			find: 'rateLimited: true',
			put: 'rateLimited: false',
			caughtBy: 'unit/service/client',
		},
		{ name: 'sizes are in bytes', find: 'bytes / 1_000_000', put: 'bytes' },
	]),
	...mutantsOf('errors/images', 'unit/errors/errors', [
		{
			name: 'images are counted from 0',
			find: 'index + 1',
			put: 'index',
			caughtBy: 'unit/images/outputItems',
		},
		{
			name: 'a URL of any length is told',
			find: "url.slice(0, MAX_URL_LENGTH).replace(/\\s+/g, ' ')",
			put: 'url',
			caughtBy: 'unit/images/outputItems',
		},
		{
			name: 'an image that could not be had does not say how its task ended',
			find: "state: 'succeeded'",
			put: "state: 'running'",
			caughtBy: 'workflow/images',
		},
		{
			name: 'the status of an image host is not told',
			find: "fault.kind === 'status' ? fault.status : undefined",
			put: 'undefined',
			caughtBy: 'workflow/images',
		},
		{
			name: 'megabytes are counted twice',
			find: 'fault.maxBytes / 1024 / 1024',
			put: 'fault.maxBytes / 1024',
		},
		{
			name: 'two full stops follow what a storage said',
			find: "fault.reason.replace(/\\.$/, '')",
			put: 'fault.reason',
			caughtBy: 'unit/images/outputItems',
		},
	]),
	...mutantsOf('errors/phrases', 'unit/errors/errors', [
		{ name: 'a value of any length is shown', find: 'json.length > 80', put: 'false' },
		{
			name: 'a value that is no JSON stops the node',
			within: 'asJson',
			put: 'return JSON.stringify(value);',
		},
		{
			name: 'words that the service never said are put into its mouth',
			within: 'serviceSays',
			find: 'message && `SeaArt Cloud says: "${message}"`',
			put: '`SeaArt Cloud says: "${message}"`',
		},
		{
			name: 'an error names no task',
			within: 'couldNot',
			find: "requestId === undefined ? '' : ` ${requestId}`",
			put: "''",
			caughtBy: 'unit/errors/everyError',
		},
		{
			name: 'what is not known is told',
			find: "parts.filter(Boolean).join(' ')",
			put: "parts.join(' ')",
			caughtBy: 'unit/errors/everyError',
		},
	]),
	...mutantsOf('errors/refusals', 'unit/errors/errors', [
		{
			name: 'a create that a gateway has failed has made no task',
			find: 'status >= 500 || status === 408',
			put: 'false',
		},
		{ name: '408 to a create has made no task', find: 'status === 408', put: 'false' },
		{
			name: '400 to a create may have made a task',
			find: 'status >= 500 || status === 408',
			put: 'status >= 400',
		},
		{
			name: 'a refused status may have made a task',
			find: "call === 'create' && (status >= 500 || status === 408)",
			put: 'status >= 500 || status === 408',
		},
		{
			name: 'a refused create does not say that nothing was made',
			find: "call === 'create' && !unclear && NO_TASK",
			put: 'undefined',
			caughtBy: 'workflow/createResponses',
		},
		{
			name: 'nobody is told that the credential may have changed',
			find: 'status === 404 && created',
			put: 'false',
			within: 'refused',
		},
		{
			name: 'an unknown task is told to be kept',
			find: 'status !== 404',
			put: 'true',
		},
		{
			name: 'the ID of the call is not told',
			find: "supportId && `(Call ${supportId}, for SeaArt's support.)`",
			put: 'undefined',
			caughtBy: 'workflow/createResponses',
		},
		{
			name: 'the words of the service are not told',
			find: 'serviceSays(message)',
			put: 'undefined',
			caughtBy: 'workflow/createResponses',
		},
		{
			name: 'a redirect is a refusal like any',
			find: 'status >= 300 && status < 400',
			put: 'false',
			caughtBy: 'workflow/createResponses',
		},
		{
			name: '404 to a create is an unknown task',
			find: "call === 'create' && status === 404",
			put: 'false',
		},
		{
			name: '422 to a create does not speak of the parameters',
			find: "call === 'create' && (status === 400 || status === 422)",
			put: 'false',
			caughtBy: 'workflow/createResponses',
		},
		{
			name: 'an error does not have its HTTP status',
			find: 'httpCode: status',
			put: 'httpCode: undefined',
			caughtBy: 'unit/service/client',
		},
	]),
	...mutantsOf('errors/taskError', 'unit/errors/everyError', [
		{
			name: 'a stopped run is told as failed',
			find: "'The execution was canceled'",
			put: "'The execution was stopped'",
		},
		{ name: 'an error has no message', find: 'super(details.message)', put: 'super()' },
	]),
	...mutantsOf('errors/tasks', 'unit/errors/errors', [
		{
			name: 'a task that has failed can be fetched',
			within: 'taskFailed',
			find: 'taskEnded: true',
			put: 'taskEnded: false',
		},
		{
			name: 'a task that somebody cancelled ends the execution as canceled',
			find: "'was cancelled'",
			put: "'was canceled'",
			caughtBy: 'unit/errors/everyError',
		},
		{
			name: 'CONTENT_BLOCKED is a failure like any',
			find: "BAD_ENDS[errorType ?? '']",
			put: 'undefined',
		},
		{
			name: 'a task that has timed out is created again',
			within: 'timedOut',
			find: 'taskEnded: cancelled',
			put: 'taskEnded: true',
		},
		{
			name: 'a task that was cancelled at its time-out is fetched by the next try',
			within: 'timedOut',
			find: 'taskEnded: cancelled',
			put: 'taskEnded: false',
		},
		{
			name: 'why a cancel failed at the time-out is not told',
			find: 'failedCancel && `${failedCancel.message}.`',
			put: 'undefined',
		},
		{
			name: 'a task that is queued is told to be running',
			find: "last?.state === 'queued' ? 'queued' : 'running'",
			put: "'running'",
			caughtBy: 'workflow/stop',
		},
		{
			name: 'a last status is not told',
			find: 'last && `Last status: ${last.word}.`',
			put: 'undefined',
			caughtBy: 'workflow/timeout',
		},
		{
			name: 'any number of other tasks is listed',
			find: 'MAX_LISTED = 100',
			put: 'MAX_LISTED = 1000',
		},
		{
			name: 'where there are no other tasks they are spoken of',
			within: 'otherTasks',
			find: 'if (requestIds.length === 0) return undefined;',
			put: ';',
		},
	]),
];
