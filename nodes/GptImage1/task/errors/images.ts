import { Problem } from './problem';
import { fetchLater, sentences } from './words';

/** What may become of an image that is paid for. */

export type ImageFault =
	| { kind: 'address' }
	| { kind: 'status'; status: number }
	| { kind: 'network'; code: string }
	| { kind: 'content'; what: string }
	| { kind: 'size'; limit: number }
	| { kind: 'storage'; what: string };

function faultWords(fault: ImageFault): string {
	switch (fault.kind) {
		case 'address':
			return 'its address is not one that may be fetched (https only, unless the base URL is http)';
		case 'status':
			return `the image host answered HTTP ${fault.status}`;
		case 'network':
			return `the connection to the image host failed (${fault.code})`;
		case 'content':
			return fault.what;
		case 'size':
			return `it is larger than ${Math.round(fault.limit / 1024 / 1024)} MB`;
		case 'storage':
			return `n8n could not store it (${fault.what})`;
	}
}

/** One image of a task that has ended well could not be fetched. `index` counts from 0. */
export const imageNotFetched = (requestId: string, index: number, url: string, fault: ImageFault) =>
	new Problem({
		message: `Image ${index + 1} of task ${requestId} could not be downloaded`,
		description: sentences(
			`The image is paid for and exists: ${faultWords(fault)}.`,
			fetchLater(requestId),
			`Its address is ${url}`,
		),
		requestId,
		state: 'succeeded',
		httpCode: fault.kind === 'status' ? fault.status : undefined,
		url,
	});
