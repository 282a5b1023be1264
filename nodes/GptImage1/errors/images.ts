import { sentences } from './phrases';
import { TaskError } from './taskError';

/** What may become of an image of a task that has succeeded. */

export type ImageFault =
	| { kind: 'noUrl' }
	| { kind: 'address' }
	| { kind: 'redirects'; max: number }
	| { kind: 'status'; status: number }
	| { kind: 'network'; code: string }
	/** Too slow, or not begun in time. */
	| { kind: 'slow' }
	/** `sent` completes "It sent …". */
	| { kind: 'content'; sent: string }
	| { kind: 'size'; maxBytes: number }
	/** `reason` is n8n's message. */
	| { kind: 'storage'; reason: string };

/** Why, for the message; details that others have worded, for the description. */
function describe(fault: ImageFault): [reason: string, details?: string] {
	switch (fault.kind) {
		case 'noUrl':
			return ['the result has no URL for it'];
		case 'address':
			return [
				'its URL is not allowed',
				'It must begin with https://, or with http:// if the base URL does.',
			];
		case 'redirects':
			return [`the image host redirected more than ${fault.max} times`];
		case 'status':
			return [`the image host returned HTTP ${fault.status}`];
		case 'network':
			return ['the connection to the image host failed', `The network reported ${fault.code}.`];
		case 'slow':
			return ['it did not arrive in time'];
		case 'content':
			return ['the image host sent no complete image', `It sent ${fault.sent}.`];
		case 'size':
			return [`it is larger than ${Math.round(fault.maxBytes / 1024 / 1024)} MB`];
		case 'storage':
			return ['n8n could not store it', `n8n says: "${fault.reason}".`];
	}
}

/** These would end in the same way again. */
const PERMANENT: Array<ImageFault['kind']> = ['address', 'size'];

const MAX_URL_LENGTH = 2000;

/** @param index counts from 0 */
export function imageNotFetched(requestId: string, index: number, fault: ImageFault, url?: string) {
	const [reason, details] = describe(fault);
	return new TaskError({
		message: `Could not download image ${index + 1} of task ${requestId}: ${reason}`,
		description: sentences(
			details,
			PERMANENT.includes(fault.kind)
				? 'The image is already paid for: download it from its URL by other means.'
				: `The image is already paid for: select 'Retry execution' on this execution, or use 'Get Result' with request ID ${requestId}.`,
			url && `URL: ${url.slice(0, MAX_URL_LENGTH).replace(/\s+/g, ' ')}`,
		),
		requestId,
		state: 'succeeded',
		httpCode: fault.kind === 'status' ? fault.status : undefined,
		url,
	});
}
