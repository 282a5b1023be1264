import { mutantsOf, TRIES, WAITS } from './mutant';

export const service = [
	...mutantsOf('service/boundedCall', 'responsesAreBounded', {
		'a response of any size is read': {
			find: 'bytes > maxBytes',
			put: 'false',
			given: { operation: 'getResult', items: 12 },
		},
	}),
	...mutantsOf('service/queueCall', 'unit/service/queueCall', {
		'the key is not taken out': {
			find: 'this.sender.redact(asJson(read.text))',
			put: 'asJson(read.text)',
		},
		'the task of a create whose answer broke off is lost': {
			find: '!call.parse(body())',
			put: 'true',
			caughtBy: 'workflow/failedResponses',
		},
		'a create whose answer makes no sense is repeated': {
			within: 'classify',
			find: "call === 'create' ? 'no' : 'failed'",
			put: "'failed'",
		},
		"another task's response is used": { find: 'other !== requestId', put: 'false' },
		"n8n's own time limit ends a create": {
			find: "call !== 'create' && Number(timeout) > 0",
			put: 'Number(timeout) > 0',
			caughtBy: 'unit/service/boundedCall',
		},
	}),
	...mutantsOf('service/queueRequest', 'keyIsKept', {
		'redirects are followed with the key': {
			find: 'disableFollowRedirect: true',
			put: 'disableFollowRedirect: false',
		},
	}),
	...mutantsOf('service/failedCall', 'unit/service/boundedCall', {
		'a create that was not answered in time is repeated': {
			find: "call === 'create' ? 'no' : 'failed'",
			put: "'failed'",
		},
	}),
	...mutantsOf('service/client', 'unit/service/client', {
		'any number of images is taken': { find: 'MAX_RECORDS = 100', put: 'MAX_RECORDS = 1e9' },
		'a create that has been sent is aborted': { find: 'new AbortScope()', put: 'scope' },
		'a create is sent without a notice': {
			within: 'create',
			find: "{ call: 'create', body, parse: parseCreated, onSend }",
			put: "{ call: 'create', body, parse: parseCreated }",
		},
	}),
	...mutantsOf('service/repeatedCall', 'unit/service/client', {
		'any number of calls are under way': {
			find: 'MAX_CALLS_IN_FLIGHT = 50',
			put: 'MAX_CALLS_IN_FLIGHT = 1000',
		},
		'a refusal holds back no other call': { find: 'limiter.refused(made.retryAfterMs)', put: '0' },
		'a create is sent though Stop was pressed': { find: 'scope.throwIfAborted();', put: ';' },
	}),
	...mutantsOf('service/retryRules', 'unit/service/queueCall', {
		'a result may take five minutes': {
			find: 'result: 30_000',
			put: 'result: 300_000',
			caughtBy: 'callsEndInTime',
		},
		'a create is repeated on 502': {
			within: 'mayRepeatStatus',
			put: "if (call === 'create' && status === 502) return true;",
			given: TRIES,
			caughtBy: 'paidOnce',
		},
		'a service that is behind itself is not waited for': {
			find: 'NOT_FOUND_GRACE_MS = 30_000',
			put: 'NOT_FOUND_GRACE_MS = 0',
			given: { ...WAITS, items: 10, onError: 'continueRegularOutput' },
			caughtBy: 'wellIsDelivered',
		},
		'a gateway that fails is final': { find: 'status >= 500', put: 'false' },
		'a sent create is repeated': { find: "call !== 'create' || neverSent", put: 'true' },
	}),
	...mutantsOf('service/networkFailure', 'unit/service/networkFailure', {
		'a connection that broke was never sent': {
			find: '(inConnect && NOT_CONNECTED_IN_CONNECT.test(code))',
			put: 'NOT_CONNECTED_IN_CONNECT.test(code)',
		},
		'one of several addresses that failed is enough': {
			find: 'errors.every((error) => networkFailure(error).neverSent)',
			put: 'errors.some((error) => networkFailure(error).neverSent)',
		},
		'a bad certificate may have been sent to': { find: 'UNSENDABLE.test(code)', put: 'false' },
	}),
	...mutantsOf('service/redact', 'unit/service/redact', {
		'the service may repeat the key': {
			within: 'redactor',
			put: 'return (value) => value;',
			caughtBy: 'keyIsKept',
		},
		'the key is searched for with its blanks': { find: 'key.trim()', put: 'key' },
		'the key as JSON is not known': { find: 'JSON.stringify(text).slice(1, -1)', put: 'text' },
	}),
	...mutantsOf('service/serviceMessage', 'turnsAreShort', {
		'the tags of a page are sought by a pattern that goes back over them': {
			find: 'body.slice(0, MAX_PAGE)',
			put: "body.slice(0, 50_000).replace(/<[^>]*>/g, ' ')",
		},
	}),
	...mutantsOf('service/requestId', 'unit/service/requestId', {
		'a request ID may lead elsewhere': {
			find: '/^(?!\\.{1,2}$)[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u',
			put: '/^.{1,200}$/u',
		},
		'a number that was rounded is a request ID': {
			find: 'Number.isSafeInteger(given)',
			put: "typeof given === 'number'",
		},
	}),
	...mutantsOf('service/parseResponse', 'unit/service/parseResponse', {
		'a create that names its task by `id` makes none': {
			find: '[request_id, id, status_url, response_url]',
			put: '[request_id]',
		},
		'an error beside images counts': { find: 'images.length > 0', put: 'false' },
		'any word cancels': { find: 'accepted === undefined', within: 'parseCancel', put: 'false' },
		'a part of the images of a task that still runs is a result': {
			find: 'if (read !== undefined && isKnownToRun(read)) return read;',
			put: ';',
		},
	}),
	...mutantsOf('service/states', 'unit/service/parseResponse', {
		'an unknown word is an end': { find: "meaning ?? 'running'", put: "meaning ?? 'succeeded'" },
	}),
];
