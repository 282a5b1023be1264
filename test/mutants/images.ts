import { mutantsOf } from './mutant';

export const images = [
	...mutantsOf('images/checkedStream', 'unit/images/download', [
		{
			name: 'an image that was cut off is taken',
			find: '!end.found',
			put: 'false',
			seenAs: 'itemsAreTrue',
		},
		{ name: 'any file is an image', find: 'type === undefined', put: 'false' },
		{
			name: 'a connection that broke is no failure of the image',
			find: 'reading.error = error as Error;',
			put: ';',
		},
		{ name: 'an image is stored though it broke off', find: '!reading.error', put: 'true' },
		{
			name: 'a storage that fails is a broken connection',
			find: "reading.error ??= new ImageFailure({ kind: 'storage', reason }, 'no')",
			put: "reading.error = new ImageFailure({ kind: 'storage', reason }, 'no')",
		},
		{
			name: 'what the storage said is passed on at any length',
			find: 'oneLine(words, MAX_REASON_LENGTH)',
			put: 'words',
		},
		{
			name: 'an image whose type comes late is not known',
			find: 'head.length < HEAD_BYTES',
			put: 'head.length < 1',
		},
		{
			name: 'the bytes of an image are not counted',
			find: 'reading.bytes += chunk.length;',
			put: ';',
		},
		{
			name: 'a storage that takes its time is taken for a slow host',
			find: 'reading.ended = true;',
			put: ';',
		},
		{
			name: 'a storage that has let go of a stream ends the process',
			within: 'toStream',
			find: "stream.on?.('error', () => {});",
			put: ';',
			caughtBy: 'unit/images/realStreams',
		},
	]),
	...mutantsOf('images/download', 'unit/images/download', [
		{
			name: 'ten images are downloaded at once',
			find: 'MAX_DOWNLOADS = 3',
			put: 'MAX_DOWNLOADS = 10',
		},
		{ name: 'an image may be of a gigabyte', find: '64 * 1024 * 1024', put: '1024 * 1024 * 1024' },
		{ name: 'an image is attempted five times', find: 'transport: 6', put: 'transport: 5' },
		{ name: 'a bad image is attempted four times', find: 'content: 3', put: 'content: 4' },
		{ name: 'six redirects are followed', find: 'MAX_REDIRECTS = 5', put: 'MAX_REDIRECTS = 6' },
		{ name: 'four redirects are followed', find: 'MAX_REDIRECTS = 5', put: 'MAX_REDIRECTS = 4' },
		{ name: 'a host may drip', find: 'bytes: 64 * 1024', put: 'bytes: 1' },
		{ name: 'a host has two minutes', find: 'everyMs: 30_000', put: 'everyMs: 120_000' },
		{
			name: 'a slow host is never given up',
			find: 'if (reading.bytes - before < MIN_PROGRESS.bytes) attempt.abort();',
			put: ';',
		},
		{
			name: 'what came long ago counts as progress',
			find: 'before = reading.bytes',
			put: 'before = 0',
		},
		{ name: 'an attempt leaves its timers', within: 'tryOnce', find: 'attempt.abort();', put: ';' },
		{ name: 'an image is fetched though no turn came', find: '!turn.granted', put: 'false' },
		{
			name: 'an image is fetched from anywhere',
			find: '!mayFetch(address, httpAllowed)',
			put: 'false',
		},
		{
			name: 'an image is fetched over http',
			find: "(protocol === 'http:' && httpAllowed)",
			put: "protocol === 'http:'",
		},
		{
			name: 'no image is fetched over http',
			find: "(protocol === 'http:' && httpAllowed)",
			put: 'false',
		},
		{
			name: 'a redirect within a host is not followed',
			find: 'new URL(outcome.location, address).href',
			put: 'outcome.location',
		},
		{ name: 'image hosts are not asked to wait for', find: 'status === 429', put: 'false' },
		{
			name: 'that an image host is well again is not noticed',
			find: 'limiter.accepted()',
			put: '0',
		},
		{
			name: "an image host's Retry-After is not read",
			find: "headers['retry-after']",
			put: 'undefined',
		},
		{
			name: 'a redirect without a location is followed',
			find: "typeof location === 'string'",
			put: 'true',
		},
	]),
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
	...mutantsOf('images/imageEnd', 'unit/images/imageEnd', [
		{
			name: 'a PNG ends without its last checksum',
			within: 'png',
			find: 'yield view(header).getUint32(0) + 4;',
			put: ';',
		},
		{
			name: 'a PNG chunk has no checksum',
			find: 'view(header).getUint32(0) + 12',
			put: 'view(header).getUint32(0) + 8',
		},
		{
			name: 'a JPEG ends at the marker of its thumbnail',
			find: 'Math.max(0, length - 2)',
			put: '0',
		},
		{
			name: 'a broken segment is gone back over',
			find: 'Math.max(0, length - 2)',
			put: 'length - 2',
		},
		{ name: 'a padded marker is not known', within: 'jpeg', find: 'marker === 0xff', put: 'false' },
		{
			name: 'a restart marker has a length',
			find: 'marker >= 0xd0 && marker <= 0xd8',
			put: 'false',
		},
		{ name: 'an escaped byte is a marker', find: 'marker <= 0x01', put: 'false' },
		{
			name: 'a WebP is as long as a big-endian number',
			within: 'webp',
			find: 'true',
			put: 'false',
		},
		{
			name: 'what lies between two chunks is not put together',
			find: 'this.last = lastBytes(this.last, chunk, chunk.length).slice();',
			put: ';',
		},
		{
			name: 'a step does not go on in the next chunk',
			find: 'this.step -= chunk.length - at;',
			put: ';',
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
	...mutantsOf('images/imageType', 'unit/images/imageType', [
		{
			name: 'a JPEG is named .jpeg',
			find: "jpeg: 'jpg'",
			put: "jpeg: 'jpeg'",
			caughtBy: 'unit/images/fileName',
		},
		{ name: 'any RIFF file is a WebP', find: "ascii(head, 8, 12) === 'WEBP'", put: 'true' },
		{
			name: 'a PNG is known by its name alone',
			find: 'startsWith(head, PNG_SIGNATURE)',
			put: "ascii(head, 1, 4) === 'PNG'",
		},
		{
			name: 'a page is told as a file of another type',
			find: '/^\\s*</.test(ascii(head, 0, HEAD_BYTES))',
			put: 'false',
		},
		{ name: 'an empty response is told as a file', find: 'head.length === 0', put: 'false' },
		{
			name: 'a claimed type is passed on at any length',
			find: 'claimed.slice(0, MAX_CONTENT_TYPE_LENGTH)',
			put: 'claimed',
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
