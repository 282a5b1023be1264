import { mutantsOf } from '../mutant';

export const calls = [
	...mutantsOf('service/boundedCall', 'unit/service/queueCall', [
		{
			name: 'a response of any size is read',
			...{ find: 'bytes > maxBytes', put: 'false', seenAs: 'responsesAreBounded' },
			given: { operation: 'getResult', items: 12 },
		},
		{
			name: 'a body outlives the abort of its call',
			find: 'own.onAbort(() => body.destroy())',
			put: '() => {}',
		},
		{
			name: 'a body that was not read to its end stays open',
			caughtBy: 'unit/images/download',
			find: 'body.destroy();',
			put: ';',
		},
		{
			name: 'a late error of a stream is heard by nobody',
			find: "body.on?.('error', () => {});",
			put: ';',
		},
		{ name: 'all of an error is read', find: 'bytes > cutAt', put: 'false' },
		{ name: 'a character between two chunks is broken', find: '{ stream: true }', put: '0' },
		{
			name: 'a body that is no JSON is nothing',
			caughtBy: 'workflow/readResponses',
			find: 'return content;',
			put: 'return undefined;',
		},
	]),
	...mutantsOf('service/queueCall', 'unit/service/queueCall', [
		{ name: 'JSON of gigabytes is read', find: 'MAX_JSON = 1_000_000', put: 'MAX_JSON = 1e9' },
		{
			name: 'JSON of a megabyte is not read',
			find: 'MAX_JSON = 1_000_000',
			put: 'MAX_JSON = 900_000',
		},
		{
			name: "n8n's own time limit does not count",
			find: "call !== 'create' && Number(timeout) > 0",
			put: 'false',
		},
		{
			name: 'a call does not keep to its own limit',
			find: 'REQUEST_TIMEOUT_MS[call.call]',
			put: 'Infinity',
		},
		{
			name: 'a call does not keep to the deadline',
			find: 'Math.max(0, call.deadline - this.clock.now())',
			put: 'Infinity',
		},
		{
			name: 'a base URL that is none is called',
			find: "!BASE_URL.test(baseURL ?? '')",
			put: 'false',
		},
		{
			name: 'the key is not taken out',
			find: 'this.sender.redact(await readJson(body, isSuccess(status) ? Infinity : MAX_ERROR))',
			put: 'await readJson(body, isSuccess(status) ? Infinity : MAX_ERROR)',
		},
		{
			name: 'a cancel that comes too late is an error',
			find: "call === 'cancel' && status === 400 && parseCancel(body)?.accepted === false",
			put: 'false',
		},
		{
			name: 'a create that is answered 404 is tried again',
			find: "status === 404 && call !== 'create'",
			put: 'status === 404',
		},
		{
			name: 'a task that is not known yet is given up',
			find: "status === 404 && call !== 'create'",
			put: 'false',
		},
		{ name: 'a refusal is a failure', find: 'status === 429', put: 'false' },
		{
			name: 'a create whose answer makes no sense is repeated',
			within: 'classify',
			find: "call === 'create' ? 'no' : 'failed'",
			put: "'failed'",
		},
		{ name: "another task's answer is used", find: 'other !== requestId', put: 'false' },
		{
			name: 'a status is a success',
			find: 'status >= 200 && status < 300',
			put: 'status >= 100 && status < 400',
		},
		{ name: 'Retry-After is not read', find: "headers['retry-after']", put: 'undefined' },
		{
			name: "n8n's own time limit ends a create",
			find: "call !== 'create' && Number(timeout) > 0",
			put: 'Number(timeout) > 0',
		},
		{
			name: 'a time limit that is none ends each call',
			find: "call !== 'create' && Number(timeout) > 0",
			put: "call !== 'create'",
		},
	]),
	...mutantsOf('service/queueRequest', 'unit/service/queueCall', [
		{
			name: 'redirects are followed with the key',
			...{ find: 'disableFollowRedirect: true', put: 'disableFollowRedirect: false' },
			seenAs: 'keyIsKept',
		},
		{
			name: 'the body of a create is sent with every call',
			find: 'const { body: _declaredBody, ...shared } = declared;',
			put: 'const shared = declared;',
		},
		{
			name: 'a request ID is not encoded',
			find: "encodeURIComponent(requestId ?? '')",
			put: "requestId ?? ''",
		},
		{
			name: 'blanks around the base URL are sent',
			find: 'shared.baseURL?.trim()',
			put: 'shared.baseURL',
		},
		{ name: 'a response is held in memory', find: "encoding: 'stream'", put: "encoding: 'text'" },
		{
			name: 'the key follows to another origin',
			find: 'sendCredentialsOnCrossOriginRedirect: false',
			put: 'sendCredentialsOnCrossOriginRedirect: true',
		},
		{
			name: 'a bad status is an error of n8n',
			find: 'ignoreHttpStatusErrors: true',
			put: 'ignoreHttpStatusErrors: false',
		},
		{ name: 'headers may come at any time', find: 'REQUEST_TIMEOUT_MS[call]', put: '0' },
	]),
	...mutantsOf('service/failedCall', 'unit/service/queueCall', [
		{
			name: 'a create that was not answered in time is repeated',
			find: "call === 'create' ? 'no' : 'failed'",
			put: "'failed'",
		},
		{
			name: 'an abort is a failed call',
			find: 'error instanceof Aborted',
			put: 'false',
		},
		{
			name: 'whether a call was sent is not told',
			find: 'failure.neverSent ? notSent : interrupted',
			put: 'interrupted',
			caughtBy: 'unit/service/client',
		},
		{
			name: 'what is too large is a broken connection',
			find: 'error instanceof TooLarge',
			put: 'false',
		},
		{
			name: 'what is too late is a broken connection',
			find: 'error instanceof DeadlinePassed',
			put: 'false',
		},
	]),
];
