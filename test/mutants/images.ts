import { mutantsOf } from './mutant';

export const images = [
	...mutantsOf('images/checkedStream', 'itemsAreTrue', {
		'an image that was cut off is taken': { find: '!end.found', put: 'false' },
		'any file is an image': {
			find: 'type === undefined',
			put: 'false',
			caughtBy: 'unit/images/download',
		},
		'a storage that has let go of a stream ends the process': {
			within: 'toStream',
			find: "stream.on?.('error', () => {});",
			put: ';',
			caughtBy: 'unit/images/checkedStream',
		},
	}),
	...mutantsOf('images/download', 'unit/images/download', {
		'a slow host is never given up': {
			find: 'if (reading.bytes - before < MIN_PROGRESS.bytes) attempt.abort();',
			put: ';',
		},
	}),
	...mutantsOf('images/imageEnd', 'unit/images/imageEnd', {
		'bytes behind the end of an image are taken for a cut': {
			within: 'push',
			put: 'if (this.found && chunk.length > 0) { this.found = false; this.step = Infinity; }',
		},
	}),
	...mutantsOf('images/fileName', 'itemsAreTrue', {
		'one name for all files': { within: 'next', put: "return 'image.png';" },
		'a file name may lead elsewhere': {
			find: "requestId.replace(/[^A-Za-z0-9_-]+/g, '-')",
			put: 'requestId',
			caughtBy: 'unit/images/fileName',
		},
	}),
	...mutantsOf('images/imageFailure', 'unit/images/download', {
		'a refusal of an image host is final': { find: 'status === 429', put: 'false' },
	}),
	...mutantsOf('images/outputItems', 'unit/images/outputItems', {
		'a task that failed has a key "error"': {
			find: "!hasError(fields) && state !== 'failed' && state !== 'cancelled'",
			put: 'true',
		},
		'cost and usage are dropped': {
			within: 'imageItem',
			find: "{ request_id: requestId, state: 'succeeded', index, url: image.url, ...claimed(image), ...(file && known(file)), metadata, }",
			put: "{ request_id: requestId, state: 'succeeded', index, url: image.url, ...claimed(image), ...(file && known(file)) }",
		},
		"the files of a task take each other's place": {
			find: 'index === 0 ? binaryProperty : `${binaryProperty}_${index}`',
			put: 'binaryProperty',
		},
	}),
];
