import { sentences } from './phrases';
import { TaskError } from './taskError';

/** What may become of an image of a task that has succeeded. */

export type ImageFault =
	| { kind: 'address' }
	| { kind: 'redirects'; max: number }
	| { kind: 'status'; status: number }
	| { kind: 'network'; code: string }
	/** Too slow, or not begun in time. */
	| { kind: 'slow' }
	/** `sent` completes "The image host sent …". */
	| { kind: 'content'; sent: string }
	| { kind: 'size'; maxBytes: number }
	/** `reason` is what n8n said. */
	| { kind: 'storage'; reason: string };

function describe(fault: ImageFault): string {
	switch (fault.kind) {
		case 'address':
			return 'Its URL is not allowed: it must be https, or http if the base URL is http.';
		case 'redirects':
			return `The image host redirected more than ${fault.max} times.`;
		case 'status':
			return `The image host returned HTTP ${fault.status}.`;
		case 'network':
			return `The connection to the image host failed (${fault.code}).`;
		case 'slow':
			return 'The image did not come in time.';
		case 'content':
			return `The image host sent ${fault.sent}.`;
		case 'size':
			return `The image is larger than ${Math.round(fault.maxBytes / 1024 / 1024)} MB.`;
		case 'storage':
			return `n8n could not store it: ${fault.reason.replace(/\.$/, '')}.`;
	}
}

const MAX_URL_LENGTH = 2000;

/** @param index counts from 0 */
export const imageNotFetched = (requestId: string, index: number, url: string, fault: ImageFault) =>
	new TaskError({
		message: `Image ${index + 1} of task ${requestId} could not be downloaded`,
		description: sentences(
			describe(fault),
			`The image is already paid for: select 'Retry execution', or use 'Get Result' with request ID ${requestId}.`,
			`URL: ${url.slice(0, MAX_URL_LENGTH).replace(/\s+/g, ' ')}`,
		),
		requestId,
		state: 'succeeded',
		httpCode: fault.kind === 'status' ? fault.status : undefined,
		url,
	});
