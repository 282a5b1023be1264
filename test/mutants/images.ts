import { mutantsOf } from './mutant';

export const images = mutantsOf({
	'images/checkedStream: itemsAreTrue': {
		'an image that was cut off is taken': { change: '!end.found → false', seed: 80 },
	},
	'images/checkedStream: unit/images/download': {
		'any file is an image': 'type === undefined → false',
	},
	'images/checkedStream: unit/images/checkedStream': {
		'what follows an image is waited for':
			'end.found ? undefined : await nextOf(chunks, reading) → await nextOf(chunks, reading)',
		'a storage that has let go of a stream ends the process':
			"in toStream: stream.on?.('error', () => {}); → ;",
	},
	'images/download: unit/images/download': {
		'a slow host is never given up':
			'if (reading.bytes - before < MIN_PROGRESS.bytes) attempt.abort(); → ;',
	},
	'images/imageEnd: unit/images/imageEnd': {
		'bytes behind the end of an image are taken for a cut':
			'in push: if (this.found && chunk.length > 0) { this.found = false; this.step = Infinity; }',
	},
	'images/fileName: itemsAreTrue': { 'one name for all files': "in next: return 'image.png';" },
	'images/fileName: unit/images/fileName': {
		'a file name may lead elsewhere': "requestId.replace(/[^A-Za-z0-9_-]+/g, '-') → requestId",
	},
	'images/imageFailure: unit/images/download': {
		'a refusal of an image host is final': 'status === 429 → false',
	},
	'images/outputItems: unit/images/outputItems': {
		'a task that failed has a key "error"':
			"!hasError(fields) && state !== 'failed' && state !== 'cancelled' → true",
		'cost and usage are dropped': 'in imageItem: metadata = undefined;',
		"the files of a task take each other's place":
			'index === 0 ? binaryProperty : `${binaryProperty}_${index}` → binaryProperty',
	},
});
