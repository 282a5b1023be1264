import { mutantsOf } from '../mutant';

export const outputItems = [
	...mutantsOf('images/fileName', 'unit/images/fileName', [
		{
			name: 'one name for all files',
			within: 'next',
			put: "return 'image.png';",
			seenAs: 'itemsAreTrue',
		},
		{
			name: 'a file name may lead elsewhere',
			find: "requestId.replace(/[^A-Za-z0-9_-]+/g, '-')",
			put: 'requestId',
		},
		{
			name: 'a file name is as long as its request ID',
			find: "requestId.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, MAX_STEM_LENGTH)",
			put: "requestId.replace(/[^A-Za-z0-9_-]+/g, '-')",
		},
		{ name: 'images are numbered from 0', find: 'index + 1', put: 'index' },
		{ name: 'copies of a name are not told apart', find: 'this.copies.set(name, copy);', put: ';' },
		{
			name: 'a claimed name may be a path',
			find: 'claimed.slice(-MAX_NAME_LENGTH).split(/[\\\\/]/).pop()',
			put: 'claimed.slice(-MAX_NAME_LENGTH)',
		},
		{
			name: 'a claimed name may begin with a dot',
			find: "last.replace(/[^\\p{L}\\p{N} ._-]+/gu, '-').replace(/^[.\\s-]+/, '')",
			put: "last.replace(/[^\\p{L}\\p{N} ._-]+/gu, '-')",
		},
		{
			name: 'a claimed name may be of any length',
			find: 'claimed.slice(-MAX_NAME_LENGTH)',
			put: 'claimed',
		},
	]),
	...mutantsOf('images/imageFailure', 'unit/images/download', [
		{ name: '408 of an image host is final', find: 'status === 408', put: 'false' },
		{ name: '425 of an image host is final', find: 'status === 425', put: 'false' },
		{ name: '404 of an image host is temporary', find: 'status >= 500', put: 'status >= 404' },
		{ name: 'a refusal of an image host is final', find: 'status === 429', put: 'false' },
		{
			name: 'an image that is too large is asked for again',
			find: "new ImageFailure({ kind: 'size', maxBytes: error.maxBytes }, 'no')",
			put: "new ImageFailure({ kind: 'size', maxBytes: error.maxBytes })",
		},
		{
			name: 'a certificate that does not verify is tried again',
			find: "hopeless ? 'no' : 'failed'",
			put: "'failed'",
		},
		{
			name: 'an image that was too slow is a broken connection',
			find: 'error instanceof Aborted || error instanceof DeadlinePassed',
			put: 'false',
		},
	]),
	...mutantsOf('images/outputItems', 'unit/images/outputItems', [
		{
			name: 'a task that failed has a key "error"',
			find: "!hasError(fields) && state !== 'failed' && state !== 'cancelled'",
			put: 'true',
		},
		{
			name: 'a task without a status has no state',
			find: "parseStatus(fields)?.state ?? 'queued'",
			put: "parseStatus(fields)?.state ?? 'running'",
		},
		{ name: 'why a task failed is not told', find: '(message && { message })', put: '{}' },
		{
			name: 'the kind of a failure is not told',
			find: '(error_type !== undefined && { error_type })',
			put: '{}',
		},
		{
			name: 'what the provider said is dropped',
			find: '(provider_error !== undefined && { provider_error })',
			put: '{}',
		},
		{
			name: 'an item of an image has no state',
			within: 'imageItem',
			find: "state: 'succeeded'",
			put: 'x: 1',
		},
		{
			name: 'an item of an image does not say which one',
			find: "const json = { request_id: requestId, state: 'succeeded', index, url: image.url, ...claimed(image), ...(file && known(file)), metadata, };",
			put: "const json = { request_id: requestId, state: 'succeeded', url: image.url, ...claimed(image), ...(file && known(file)), metadata };",
		},
		{
			name: 'cost and usage are dropped',
			within: 'imageItem',
			find: "{ request_id: requestId, state: 'succeeded', index, url: image.url, ...claimed(image), ...(file && known(file)), metadata, }",
			put: "{ request_id: requestId, state: 'succeeded', index, url: image.url, ...claimed(image), ...(file && known(file)) }",
		},
		{
			name: 'what the service claims hides what the file is',
			find: '(file && known(file))',
			put: '{}',
		},
		{
			name: "the files of a task take each other's place",
			find: 'index === 0 ? binaryProperty : `${binaryProperty}_${index}`',
			put: 'binaryProperty',
		},
		{
			name: 'a single item has no list of outputs',
			find: "{ request_id: requestId, state: 'succeeded', outputs, metadata }",
			put: "{ request_id: requestId, state: 'succeeded', metadata }",
		},
		{
			name: 'a file that is called __proto__ is lost',
			find: 'Object.fromEntries(files)',
			put: '(() => { const binary = {} as Record<string, IBinaryData>; for (const [k, v] of files) binary[k] = v; return binary; })()',
		},
		{
			name: 'a name that the service claims is passed on as it is',
			find: 'safeFileName(fileName)',
			put: 'fileName',
		},
	]),
];
