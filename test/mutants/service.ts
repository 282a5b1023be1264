import { mutantsOf, TRIES, WAITS } from './mutant';

const REPEATED = "call === 'create' ? 'no' : 'failed' → 'failed'";

export const service = mutantsOf({
	'service/boundedCall: responsesAreBounded': {
		'a response of any size is read': {
			change: 'bytes > maxBytes → false',
			given: { operation: 'getResult', items: 12 },
			seed: 17,
		},
	},
	'service/queueCall: unit/service/queueCall': {
		'the key is not taken out': 'this.sender.redact(asJson(read.text)) → asJson(read.text)',
		'a create whose answer makes no sense is repeated': `in classify: ${REPEATED}`,
		"another task's response is used": 'other !== requestId → false',
	},
	'service/queueCall: workflow/failedResponses': {
		'the task of a create whose answer broke off is lost': '!call.parse(body()) → true',
	},
	'service/queueCall: unit/service/boundedCall': {
		"n8n's own time limit ends a create":
			"call !== 'create' && Number(timeout) > 0 → Number(timeout) > 0",
	},
	'service/queueRequest: keyIsKept': {
		'redirects are followed with the key': {
			change: 'disableFollowRedirect: true → disableFollowRedirect: false',
			seed: 19,
		},
	},
	'service/failedCall: unit/service/boundedCall': {
		'a create that was not answered in time is repeated': REPEATED,
	},
	'service/client: unit/service/client': {
		'any number of images is taken': 'MAX_RECORDS = 100 → MAX_RECORDS = 1e9',
		'a create that has been sent is aborted': 'new AbortScope() → scope',
		'a create is sent without a notice': 'in create: onSend = () => {};',
	},
	'service/repeatedCall: unit/service/client': {
		'any number of calls are under way': 'MAX_CALLS_IN_FLIGHT = 50 → MAX_CALLS_IN_FLIGHT = 1000',
		'a refusal holds back no other call': 'limiter.refused(made.retryAfterMs) → 0',
		'a create is sent though Stop was pressed': 'scope.throwIfAborted(); → ;',
	},
	'service/repeatedCall: workflow/failedResponses': {
		'a create that was refused goes behind later ones':
			'isCreate ? limiter.place() : undefined → undefined',
		'a create is given up though others are accepted': 'isCreate ? limiter.lastAcceptedAt : 0 → 0',
	},
	'service/retryRules: callsEndInTime': {
		'a result may take five minutes': { change: 'result: 30_000 → result: 300_000', seed: 19 },
	},
	'service/retryRules: paidOnce': {
		'a create is repeated on 502': {
			change: "in mayRepeatStatus: if (call === 'create' && status === 502) return true;",
			given: TRIES,
		},
	},
	'service/retryRules: wellIsDelivered': {
		'a service that is behind itself is not waited for': {
			change: 'NOT_FOUND_GRACE_MS = 30_000 → NOT_FOUND_GRACE_MS = 0',
			given: { ...WAITS, items: 10, onError: 'continueRegularOutput' },
			seed: 48,
		},
	},
	'service/retryRules: unit/service/queueCall': {
		'a gateway that fails is final': 'status >= 500 → false',
		'a sent create is repeated': "call !== 'create' || neverSent → true",
	},
	'service/networkFailure: unit/service/networkFailure': {
		'a connection that broke was never sent':
			'inConnect && NOT_CONNECTED_IN_CONNECT.test(code) → NOT_CONNECTED_IN_CONNECT.test(code)',
		'one of several addresses that failed is enough': 'errors.every → errors.some',
		'a bad certificate may have been sent to': 'UNSENDABLE.test(code) → false',
	},
	'service/redact: keyIsKept': {
		'the service may repeat the key': { change: 'in redactor: return (value) => value;', seed: 13 },
	},
	'service/redact: unit/service/redact': {
		'the key is searched for with its blanks': 'key.trim() → key',
		'a text that was cut keeps a part of the key':
			'withoutCutKey(inText(value), keys) → inText(value)',
		'the key as JSON is not known': 'JSON.stringify(text).slice(1, -1) → text',
	},
	'service/serviceMessage: turnsAreShort': {
		'the tags of a page are sought by a pattern that goes back over them': {
			change: "body.slice(0, MAX_PAGE) → body.slice(0, 50_000).replace(/<[^>]*>/g, ' ')",
			seed: 47,
		},
	},
	'service/requestId: unit/service/requestId': {
		'a request ID may lead elsewhere':
			'/^(?!\\.{1,2}$)[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u → /^.{1,200}$/u',
		'a number that was rounded is a request ID':
			"Number.isSafeInteger(given) → typeof given === 'number'",
	},
	'service/parseResponse: unit/service/parseResponse': {
		'a create that names its task by `id` makes none':
			'[request_id, id, status_url, response_url] → [request_id]',
		'an error beside images counts': 'images.some(({ url }) => url) → false',
		'any word cancels': 'in parseCancel: accepted === undefined → false',
		'a part of the images of a task that still runs is a result':
			'if (read !== undefined && isKnownToRun(read)) return read; → ;',
	},
	'service/states: unit/service/parseResponse': {
		'an unknown word is an end': "meaning ?? 'running' → meaning ?? 'succeeded'",
	},
});
