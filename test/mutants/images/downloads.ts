import { mutantsOf } from '../mutant';

export const downloads = [
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
			caughtBy: 'workflow/images',
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
];
