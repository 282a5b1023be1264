import { mutantsOf } from '../mutant';

export const outcomes = [
	...mutantsOf('run/deliver', 'workflow/images', [
		{
			name: 'the key is sent to the image host',
			find: 'helpers.httpRequest',
			put: "helpers.httpRequestWithAuthentication.bind(context, 'seaArtApi')",
			seenAs: 'keyIsKept',
		},
		{
			name: 'a result without images is an empty success',
			find: 'images.length === 0',
			put: 'false',
			caughtBy: 'workflow/wait',
		},
		{
			name: 'images are downloaded though that is off',
			find: '!plan.download',
			put: 'false',
			caughtBy: 'workflow/outputItems',
		},
		{
			name: 'an image that cannot be had is left out under Stop Workflow',
			find: 'error && item.endsRun',
			put: 'false',
		},
		{
			name: 'the other images of a task are lost with one',
			find: 'error && item.endsRun',
			put: 'error',
		},
		{ name: 'a single item of no image is put out', find: 'whole.length > 0', put: 'true' },
		{
			name: 'Retry On Fail forgets a task with a failed download',
			find: 'error && item.node.retryOnFail',
			put: 'false',
		},
		{
			name: 'images are downloaded all at once',
			find: 'MAX_DOWNLOADS',
			within: 'fetchImage',
			put: '100',
		},
		{
			name: 'an image may take any time',
			find: 'systemClock.now() + DELIVERY_MS',
			put: 'Infinity',
			caughtBy: 'workflow/boundedDownloads',
		},
		{
			name: 'images may be fetched over http',
			find: "/^\\s*http:/i.test(declared.baseURL ?? '')",
			put: 'true',
		},
		{
			name: "n8n's Proxy option does not count for images",
			find: '(proxy && { proxy })',
			put: '{}',
		},
		{
			name: 'certificates of image hosts are checked against the will of the user',
			find: '(skipSslCertificateValidation !== undefined && { skipSslCertificateValidation })',
			put: '{}',
		},
		{
			name: 'n8n follows the redirects of images',
			find: 'disableFollowRedirect: true',
			put: 'disableFollowRedirect: false',
		},
		{
			name: 'an image is held in memory',
			find: "encoding: 'stream'",
			put: "encoding: 'arraybuffer'",
		},
		{
			name: 'a second attempt at an image gets another name',
			find: 'names[type] ??= run.execution.fileNames.next(requestId, index, type)',
			put: 'run.execution.fileNames.next(requestId, index, type)',
		},
	]),
	...mutantsOf('run/failedItem', 'workflow/partialFailure', [
		{
			name: 'an error does not say of which item it is',
			find: '`${message} [item ${item.index}]`',
			put: 'message',
		},
		{
			name: 'a failed item does not say which task it was',
			find: '(requestId && { request_id: requestId })',
			within: 'known',
			put: '{}',
		},
		{
			name: 'a failed item does not say in which state its task is',
			find: '(state && { state })',
			put: '{}',
		},
		{
			name: 'a failed item does not say the kind of the error',
			find: '(errorType && { error_type: errorType })',
			put: '{}',
		},
		{
			name: 'a failed item does not say the HTTP status',
			find: '(httpCode && { http_code: httpCode })',
			put: '{}',
		},
		{
			name: 'a failed item does not say the URL',
			find: '(url && { url })',
			put: '{}',
			caughtBy: 'workflow/images',
		},
		{ name: 'n8n rewrites a message', find: 'error.message = message;', put: ';' },
		{
			name: 'an error does not say what to do',
			find: '(description && { description })',
			within: 'nodeError',
			put: '{}',
		},
		{
			name: 'a failed item does not say what to do',
			find: '(description && { description })',
			within: 'failedItem',
			put: '{}',
		},
		{
			name: 'a failed item is not linked',
			within: 'failedItem',
			find: '{ json, pairedItem: { item: item.index } }',
			put: '{ json }',
		},
		{
			name: 'an item ends before its task is seen to on Stop',
			find: 'await run.graceAfterStop(item.task.settled);',
			put: ';',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'Stop under Continue is an error',
			within: 'failItem',
			find: 'item.context.continueOnFail()',
			put: 'false',
			caughtBy: 'workflow/stop',
		},
		{
			name: 'a stopped item ends before n8n has started all',
			find: 'if (item.context.continueOnFail()) return [];',
			put: 'if (item.context.continueOnFail()) return [];\nthrow new NodeOperationError(item.node, STOPPED, { itemIndex: item.index });',
			caughtBy: 'workflow/stop',
		},
		{
			name: 'items that another one has ended fail, too',
			find: 'cause instanceof Aborted && run.scope.aborted',
			put: 'false',
		},
		{
			name: 'a failure does not end the other items',
			find: 'run.scope.abort()',
			put: '0',
		},
		{
			name: 'a task that has ended badly is fetched again by the next try',
			find: 'error.details.taskEnded && task',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
		{
			name: 'a failure is not in the log',
			find: "item.progress.log('warn', `failed: ${message}`, { ...(requestId && { requestId }) });",
			put: ';',
			caughtBy: 'workflow/unsent',
		},
		{
			name: 'Retry On Fail under Continue forgets the tasks',
			find: 'item.node.retryOnFail',
			put: 'false',
			caughtBy: 'workflow/retry',
		},
		{
			name: 'nobody is told of the other tasks',
			find: 'run.error.note(item.index, thrown);',
			put: ';',
		},
		{
			name: 'an error comes before n8n has started all items',
			find: 'run.error.note(item.index, thrown);',
			put: 'run.error.note(item.index, thrown); run.mayRunAgain = true; throw thrown;',
			caughtBy: 'workflow/batching',
		},
		{
			name: 'what was not foreseen does not name the task',
			find: "task && 'requestId' in task.life ? task.life.requestId : undefined",
			put: 'undefined',
		},
		{
			name: 'a failed run forgets its tasks',
			find: 'run.error.note(item.index, thrown);',
			put: 'run.error.note(item.index, thrown); await run.allStarted; throw thrown;',
			caughtBy: 'workflow/stopOwnership',
		},
	]),
];
