import { mutantsOf } from './mutant';

const TRIES = { operation: 'generate', tries: 3 } as const;
const WELL = { operation: 'generate', wait: true, tries: 1, retryExecution: 0 } as const;

export const service = [
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
	...mutantsOf('service/client', 'unit/service/client', [
		{
			name: 'a result may list any number of images',
			find: 'MAX_RECORDS = 100',
			put: 'MAX_RECORDS = 1e9',
		},
		{ name: 'a create that has been sent is aborted', find: 'new AbortScope()', put: 'scope' },
		{ name: 'a refused create is given up soon', find: '{ budgetMs: CREATE_BUDGET_MS }', put: '0' },
		{
			name: 'a cancel that comes too late was accepted',
			find: "word !== 'ALREADY_COMPLETED'",
			put: 'true',
			caughtBy: 'workflow/responses',
		},
		{
			name: 'a cancel on Stop waits behind refused polls',
			find: 'isStopped ? cancelsOnStop : reads',
			put: 'reads',
		},
		{
			name: 'nobody hears that a create is sent',
			within: 'create',
			find: "{ call: 'create', body, parse: parseCreated, onSend }",
			put: "{ call: 'create', body, parse: parseCreated }",
		},
	]),
	...mutantsOf('service/json', 'unit/service/parseResponse', [
		{ name: 'a list is taken for an object', find: '!Array.isArray(value)', put: 'true' },
		{
			name: 'blanks around a text are kept',
			find: "typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined",
			put: "typeof value === 'string' && value.trim() !== '' ? value : undefined",
		},
		{ name: 'nothing is a width', find: 'value > 0', put: 'true' },
		{
			name: 'a line may be of any length',
			find: 'line.length > maxLength',
			put: 'false',
			caughtBy: 'unit/service/anyResponse',
		},
		{
			name: 'a line may be several',
			find: "start.replace(/[\\s\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+/g, ' ')",
			put: 'start',
			caughtBy: 'unit/service/anyResponse',
		},
	]),
	...mutantsOf('service/networkFailure', 'unit/service/networkFailure', [
		{
			name: 'a host that is not found may have been sent to',
			find: '/^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|UND_ERR_CONNECT_TIMEOUT)$/',
			put: '/^ECONNREFUSED$/',
		},
		{
			name: 'a connection that broke was never sent',
			find: '(inConnect && NOT_CONNECTED_IN_CONNECT.test(code))',
			put: 'NOT_CONNECTED_IN_CONNECT.test(code)',
		},
		{
			name: 'a connection that timed out may have been sent to',
			find: '(inConnect && NOT_CONNECTED_IN_CONNECT.test(code))',
			put: 'false',
		},
		{
			name: 'one of several addresses that failed is enough',
			find: 'errors.every((error) => networkFailure(error).neverSent)',
			put: 'errors.some((error) => networkFailure(error).neverSent)',
		},
		{ name: 'no address at all was never sent to', find: 'errors.length > 0', put: 'true' },
		{
			name: 'several addresses may have been sent to',
			find: 'layers.some(isNotConnected)',
			put: 'false',
		},
		{
			name: 'what n8n refuses may have been sent',
			find: 'layers.some(isRefusedByN8n)',
			put: 'false',
		},
		{
			name: 'a credential that could not be read may have been sent',
			find: 'error instanceof CredentialUnavailable',
			put: 'false',
		},
		{
			name: 'a base URL without a scheme may have been sent to',
			find: 'sentences.some((said) => NO_SCHEME.test(said))',
			put: 'false',
		},
		{
			name: 'https to a port without TLS may have been sent',
			find: "code === 'EPROTO'",
			put: 'false',
		},
		{
			name: 'a certificate that does not verify may have been sent to',
			find: 'UNSENDABLE.test(code)',
			put: 'false',
		},
		{
			name: "the code of n8n 1.123's errors is not read",
			find: '...layers.map(({ httpCode }) => httpCode)',
			put: '',
		},
		{
			name: "axios's code hides that of the system",
			find: "!one.startsWith('ERR_BAD_')",
			put: 'true',
		},
		{ name: 'only the outermost error is read', find: '(layer as Layer).cause', put: 'undefined' },
	]),
	...mutantsOf('service/parseResponse', 'unit/service/parseResponse', [
		{
			name: 'a create that names its task by `id` makes none',
			find: 'body.request_id ?? body.id',
			put: 'body.request_id',
		},
		{
			name: 'any text is a request ID',
			find: 'requestIdIn(body.request_id ?? body.id)',
			put: 'text(body.request_id ?? body.id)',
		},
		{
			name: 'a text among the results is an image',
			find: "(text(record.type) ?? 'image') !== 'image'",
			put: 'false',
		},
		{
			name: 'a record without a type is no image',
			find: "(text(record.type) ?? 'image') !== 'image'",
			put: "text(record.type) !== 'image'",
		},
		{
			name: 'the older shape of a result is not read',
			find: '!Array.isArray(body.output)',
			put: 'true',
		},
		{
			name: 'a result with an error type alone is read as none',
			find: 'text(body.error_type)',
			put: 'false',
		},
		{ name: 'an error beside images counts', find: 'images.length > 0', put: 'false' },
		{
			name: 'a good end without a list is an empty result',
			find: "read.state !== 'succeeded' || !hasList",
			put: "read.state !== 'succeeded'",
		},
		{ name: 'an empty list is no result', find: 'hasList ? result : undefined', put: 'undefined' },
		{
			name: 'outputs without a status word are not understood',
			find: 'recordsIn(body).length === 0',
			put: 'true',
		},
		{
			name: 'a word that is not known is told as if it were',
			find: 'known ? word : `${word} (unknown)`',
			put: 'word',
		},
		{
			name: 'a cancelled task has no reason',
			find: "state === 'failed' || state === 'cancelled'",
			put: "state === 'failed'",
		},
		{
			name: 'metadata that are none are put out',
			find: 'isObject(body.metadata) ? body.metadata : {}',
			put: 'body.metadata as IDataObject',
		},
		{
			name: 'a cancel without a word is understood',
			find: 'word === undefined',
			within: 'parseCancel',
			put: 'false',
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
			find: 'this.declared.timeout ?? Infinity',
			put: 'Infinity',
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
			find: "!/^\\s*https?:\\/\\/[^/]/i.test(baseURL ?? '')",
			put: 'false',
		},
		{
			name: 'the key is not taken out',
			find: 'this.sender.redact(await readJson(body, isSuccess(status) ? Infinity : MAX_ERROR))',
			put: 'await readJson(body, isSuccess(status) ? Infinity : MAX_ERROR)',
		},
		{
			name: 'a cancel that comes too late is an error',
			find: "call === 'cancel' && status === 400 && parseCancel(body)?.word === 'ALREADY_COMPLETED'",
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
		{
			name: 'a create that was not answered in time is repeated',
			within: 'failedCall',
			find: "call === 'create' ? ('no' as const) : ('failed' as const)",
			put: "'failed' as const",
		},
		{ name: "another task's answer is used", find: 'other !== requestId', put: 'false' },
		{
			name: 'a status is a success',
			find: 'status >= 200 && status < 300',
			put: 'status >= 100 && status < 400',
		},
		{ name: 'Retry-After is not read', find: "headers['retry-after']", put: 'undefined' },
		{ name: 'an abort is a failed call', find: 'error instanceof Aborted', put: 'false' },
		{
			name: 'whether a call was sent is not told',
			caughtBy: 'unit/service/client',
			find: 'failure.neverSent ? notSent : interrupted',
			put: 'interrupted',
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
	...mutantsOf('service/redact', 'unit/service/redact', [
		{
			name: 'the service may repeat the key',
			within: 'redactor',
			put: 'return (value) => value;',
			seenAs: 'keyIsKept',
		},
		{ name: 'a short word is taken for the key', find: 'MIN_LENGTH = 4', put: 'MIN_LENGTH = 1' },
		{ name: 'what is nested is not looked through', find: 'MAX_DEPTH = 100', put: 'MAX_DEPTH = 1' },
		{ name: 'the key in capitals is not known', find: "'gi'", put: "'g'" },
		{ name: 'the key is looked for with its blanks', find: 'key.trim()', put: 'key' },
		{
			name: 'the key as HTML is not known',
			find: 'trimmed.replace(/[&<>"\']/g, (character) => HTML[character] ?? character)',
			put: 'trimmed',
		},
		{
			name: 'the key as JSON is not known',
			find: 'JSON.stringify(text).slice(1, -1)',
			put: 'text',
		},
		{
			name: 'the key as a part of a URL is not known',
			find: 'encodeURIComponent(text)',
			put: 'text',
		},
		{
			name: 'the key may be a name',
			find: '[inText(name), inValue(one, depth + 1)]',
			put: '[name, inValue(one, depth + 1)]',
		},
		{
			name: 'signs of the key mean something in the pattern',
			find: "text.replace(/[.*+?^${}()|[\\]\\\\/-]/g, '\\\\$&')",
			put: 'text',
		},
		{
			name: 'a list is not looked through',
			find: 'value.map((one) => inValue(one, depth + 1))',
			put: 'value',
		},
	]),
	...mutantsOf('service/repeatedCall', 'unit/service/client', [
		{
			name: 'any number of calls are under way',
			find: 'MAX_CALLS_IN_FLIGHT = 50',
			put: 'MAX_CALLS_IN_FLIGHT = 1000',
		},
		{
			name: 'a task of this execution is given up as soon as any',
			find: 'created ? NOT_FOUND_GRACE_MS : GIVEN_NOT_FOUND_GRACE_MS',
			put: 'GIVEN_NOT_FOUND_GRACE_MS',
		},
		{
			name: 'a request ID of the user is waited for as long as any',
			find: 'created ? NOT_FOUND_GRACE_MS : GIVEN_NOT_FOUND_GRACE_MS',
			put: 'NOT_FOUND_GRACE_MS',
		},
		{
			name: 'waiting for the first turn uses up the budget',
			find: 'startedAt: number | undefined',
			put: 'startedAt: number | undefined = clock.now()',
		},
		{
			name: 'the other calls do not hear of a refusal',
			find: 'limiter.refused(made.retryAfterMs)',
			put: '0',
		},
		{ name: 'the other calls do not hear of an answer', find: 'limiter.accepted()', put: '0' },
		{ name: 'a call that is not granted its turn is made', find: '!turn.granted', put: 'false' },
		{
			name: 'a call does not end by the time that is given',
			find: 'Math.min(callsEndBy, clock.now() + REQUEST_TIMEOUT_MS[call.call])',
			put: 'clock.now() + REQUEST_TIMEOUT_MS[call.call]',
		},
		{
			name: 'what came is taken for what is wanted',
			find: "'value' in made && call.notYet?.(made.value)",
			put: 'undefined',
		},
		{
			name: 'a result that is not there yet is asked for without end',
			find: 'laterUntil = until(budgetMs);',
			put: ';',
		},
		{ name: 'whether a create is sent is not told', find: 'call.onSend?.();', put: ';' },
	]),
	...mutantsOf('service/requestBody', 'unit/service/requestBody', [
		{
			name: 'a prompt may be longer than the service takes',
			find: 'MAX_PROMPT = 32_000',
			put: 'MAX_PROMPT = 33_000',
		},
		{
			name: 'an emoji counts twice',
			find: 'value.length > MAX_PROMPT ? [...value] : value',
			put: 'value',
		},
		{
			name: 'a prompt may be blank',
			find: "value.trim() === ''",
			within: 'promptText',
			put: 'false',
		},
		{
			name: 'any size is taken',
			find: "typeof value === 'string' && options.includes(value)",
			put: "typeof value === 'string'",
		},
		{ name: 'half an image is taken', find: 'Number.isInteger(given)', put: 'true' },
		{ name: 'eleven images are taken', find: 'wholeNumber(1, 10)', put: 'wholeNumber(1, 11)' },
		{ name: 'no image is taken', find: 'wholeNumber(1, 10)', put: 'wholeNumber(0, 10)' },
		{
			name: 'a compression of 101 is taken',
			find: 'wholeNumber(0, 100)',
			put: 'wholeNumber(0, 101)',
		},
		{
			name: 'a number in a text is refused',
			find: "typeof value === 'string' && value.trim() !== '' ? Number(value) : value",
			put: 'value',
		},
		{ name: 'what is left at its default is sent', find: 'value !== byDefault', put: 'true' },
		{
			name: 'an empty option is sent',
			within: 'createBody',
			find: 'isLeftEmpty(given, name)',
			put: 'false',
		},
		{
			name: 'an empty prompt is left out',
			find: "!['prompt', 'n', 'size', 'quality'].includes(name)",
			put: 'true',
		},
		{
			name: 'a transparent JPEG is asked for',
			find: "background === 'transparent' && format === 'jpeg'",
			put: 'false',
		},
		{
			name: 'a PNG is compressed',
			find: "compression !== undefined && format === 'png'",
			put: 'false',
		},
		{
			name: 'each prompt is a kind of its own',
			find: 'FIELDS[name]?.affectsDuration !== false',
			put: 'true',
		},
		{ name: 'all tasks are of one kind', within: 'durationKind', put: "return '';" },
	]),
	...mutantsOf('service/requestId', 'unit/service/requestId', [
		{
			name: 'a request ID may lead elsewhere',
			find: '/^(?!\\.{1,2}$)[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u',
			put: '/^.{1,200}$/u',
		},
		{
			name: 'a request ID may be a folder',
			find: '/^(?!\\.{1,2}$)[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u',
			put: '/^[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u',
		},
		{
			name: 'a pasted URL is not understood',
			find: 'IN_URL.exec(value)?.[1] ?? value',
			put: 'value',
		},
		{
			name: 'a number that was rounded is a request ID',
			find: 'Number.isSafeInteger(given)',
			put: "typeof given === 'number'",
		},
	]),
	...mutantsOf('service/retryRules', 'unit/service/client', [
		{
			name: 'a create is repeated on 502',
			within: 'mayRepeatStatus',
			put: "if (call === 'create' && status === 502) return true;",
			seenAs: 'paidOnce',
			given: TRIES,
		},
		{
			name: 'a service that is behind itself is not waited for',
			find: 'NOT_FOUND_GRACE_MS = 30_000',
			put: 'NOT_FOUND_GRACE_MS = 0',
			seenAs: 'wellIsDelivered',
			given: { ...WELL, items: 10, onError: 'continueRegularOutput' },
		},
		{
			name: 'a create without a connection is sent six times',
			find: 'create: 5',
			put: 'create: 6',
		},
		{
			name: 'a status is asked for five times',
			find: 'status: 6',
			put: 'status: 5',
			caughtBy: 'workflow/readResponses',
		},
		{ name: 'a result is asked for seven times', find: 'result: 8', put: 'result: 7' },
		{
			name: 'a cancel is sent five times',
			find: 'cancel: 4',
			put: 'cancel: 5',
			caughtBy: 'workflow/readResponses',
		},
		{
			name: 'a wait bears fewer failed polls',
			find: 'MAX_FAILED_POLLS = 10',
			put: 'MAX_FAILED_POLLS = 7',
			caughtBy: 'workflow/wait',
		},
		{
			name: 'reads are repeated for half a minute',
			find: 'READ_BUDGET_MS = 60_000',
			put: 'READ_BUDGET_MS = 30_000',
		},
		{
			name: 'refused creates are repeated for five minutes',
			find: 'CREATE_BUDGET_MS = 600_000',
			put: 'CREATE_BUDGET_MS = 300_000',
		},
		{
			name: 'a create may take a minute',
			find: 'create: 120_000',
			put: 'create: 60_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a status may take a minute',
			find: 'status: 30_000',
			put: 'status: 60_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a result may take a minute',
			find: 'result: 30_000',
			put: 'result: 60_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a cancel may take half a minute',
			find: 'cancel: 10_000',
			put: 'cancel: 30_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'an ID of the user is waited for half a minute',
			find: 'GIVEN_NOT_FOUND_GRACE_MS = 3_000',
			put: 'GIVEN_NOT_FOUND_GRACE_MS = 30_000',
		},
		{
			name: 'a gateway that fails is final',
			find: '(status >= 500 && status < 600)',
			put: 'false',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: '408 is final',
			find: 'status === 408',
			put: 'false',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a create that may have been sent is repeated',
			find: "call !== 'create' || neverSent",
			put: 'true',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'what is hopeless is repeated',
			find: '!hopeless',
			put: 'true',
			caughtBy: 'unit/service/queueCall',
		},
	]),
	...mutantsOf('service/serviceMessage', 'unit/service/serviceMessage', [
		{ name: 'the title of a page is not read', find: 'text(title)', put: 'undefined' },
		{ name: 'a list of details is not read', find: 'Array.isArray(detail)', put: 'false' },
		{
			name: 'all details are passed on',
			find: '(detail as unknown[]).slice(0, MAX_DETAILS)',
			put: '(detail as unknown[])',
		},
		{ name: 'the message of an error is not read', find: 'text(error.message)', put: 'undefined' },
		{ name: 'the message of a status is not read', find: 'text(status.message)', put: 'undefined' },
		{
			name: 'where a detail belongs is not told',
			find: '[location, text(entry.msg)]',
			put: '[text(entry.msg)]',
		},
		{
			name: 'the ID of a task is told as that of a call',
			find: '!isObject(body) || body.error === undefined',
			put: '!isObject(body)',
		},
	]),
	...mutantsOf('service/states', 'unit/service/parseResponse', [
		{ name: 'QUEUED is not known', find: "QUEUED: 'queued'", put: "Q: 'queued'" },
		{ name: 'a cancelled task has failed', find: "CANCELED: 'cancelled'", put: "C: 'cancelled'" },
		{
			name: 'CANCELLED with two l is not known',
			find: "CANCELLED: 'cancelled'",
			put: "C: 'cancelled'",
		},
		{
			name: 'an unknown word is an end',
			find: "meaning ?? 'running'",
			put: "meaning ?? 'succeeded'",
		},
		{ name: 'an error of null is an error', find: 'error !== null', put: 'true' },
		{ name: 'an empty error is an error', find: "error !== ''", put: 'true' },
		{
			name: 'a failed task has succeeded',
			find: "hasError(body) ? failedState(body) : 'succeeded'",
			put: "'succeeded'",
		},
		{
			name: 'a status word in small letters is not known',
			find: 'word.slice(0, 4 * MAX_WORD).toUpperCase()',
			put: 'word',
		},
		{ name: 'what the provider said is left out', find: '[error, provider]', put: '[error]' },
		{
			name: 'what was said twice is told twice',
			find: '[...new Set(messages.filter(Boolean))]',
			put: 'messages.filter(Boolean)',
		},
	]),
	...mutantsOf('service/types', 'unit/service/parseResponse', [
		{ name: 'a cancel is a POST', find: "method: 'PUT'", put: "method: 'POST'" },
		{
			name: 'a result is asked for elsewhere',
			find: "'/v1/queue/gpt_image_1/requests/{request_id}/response'",
			put: "'/v1/queue/gpt_image_1/requests/{request_id}/result'",
		},
		{
			name: 'a queued task has ended',
			find: "state !== 'queued' && state !== 'running'",
			put: "state !== 'running'",
			caughtBy: 'workflow/wait',
		},
	]),
];
