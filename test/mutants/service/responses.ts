import { mutantsOf } from '../mutant';

export const responses = [
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
	...mutantsOf('service/parseResponse', 'unit/service/parseResponse', [
		{
			name: 'the ID of a call that failed is that of a task',
			within: 'parseCreated',
			find: '!isObject(body) || hasError(body)',
			put: '!isObject(body)',
		},
		{
			name: 'a create that names its task by `id` makes none',
			find: '[request_id, id, status_url, response_url]',
			put: '[request_id]',
		},
		{
			name: 'any text is a request ID',
			find: '[request_id, id, status_url, response_url].map(requestIdIn)',
			put: '[request_id, id, status_url, response_url].map(text)',
		},
		{
			name: 'a text among the results is an image',
			find: '!/^image\\b/i.test(type)',
			put: 'false',
		},
		{
			name: 'a record without a type is no image',
			find: "text(record.type) ?? 'image'",
			put: "text(record.type) ?? ''",
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
			name: 'a success without a list is an empty result',
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
			find: 'known ? word : `${word} ${UNKNOWN}`',
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
			name: 'any word answers a cancel',
			find: 'accepted === undefined',
			within: 'parseCancel',
			put: 'false',
		},
		{
			name: 'a record with a media type is no image',
			find: '/^image\\b/i',
			put: '/^image$/',
		},
		{
			name: 'a part of the images of a task that still runs is a result',
			find: 'if (read !== undefined && isKnownToRun(read)) return read;',
			put: ';',
		},
		{
			name: 'images beside an unknown word are no result',
			find: '!read.word.endsWith(UNKNOWN)',
			put: 'true',
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
		{
			name: 'a cancel that comes too late was accepted',
			find: 'ALREADY_COMPLETED: false',
			put: 'ALREADY_COMPLETED: true',
		},
		{
			name: 'a cancel of what has ended was accepted',
			find: 'COMPLETED: false',
			put: 'COMPLETED: true',
		},
		{
			name: 'a cancel that was carried out at once came too late',
			find: 'CANCELED: true',
			put: 'CANCELED: false',
		},
		{
			name: 'a cancel that compatible hosts carry out came too late',
			find: 'CANCELLED: true',
			put: 'CANCELLED: false',
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
