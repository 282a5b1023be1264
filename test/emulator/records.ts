import type { Call } from '../service/contract';
import type { Request, Subject } from '../service/service';

export type RecordedRequest = Request & {
	/** When it arrived, in milliseconds of Date.now(). */
	at: number;
	port: 'api' | 'images';
	/** The status answered; 0 while unanswered, and forever when the connection was dropped. */
	status: number;
	/** Which call of the contract this is; undefined for a path that belongs to none. */
	call?: Call;
	/** The task that the request speaks of; for a create the task that it made. */
	requestId?: string;
	/** Whether the API key appears anywhere in the request. */
	carriesKey: boolean;
	/** Whether the whole answer was handed over; false when either side broke off. */
	finished: boolean;
	/** When the answer was handed over or the connection went away. */
	endedAt?: number;
};

/** A received request, its body as text. */
export type Incoming = Omit<Request, 'body'> & { port: 'api' | 'images'; text: string };

export function recordOf(
	{ text, ...request }: Incoming,
	key: string,
	identify: (request: Request) => Subject,
): RecordedRequest {
	const { path, headers } = request;
	const body = text === '' ? undefined : orAsItIs(text, JSON.parse);
	const { call, requestId } = identify({ ...request, body });
	const shown = [path, orAsItIs(path, decodeURIComponent), text, ...Object.values(headers)];
	return {
		...request,
		...{ at: Date.now(), body, call, requestId, status: 0, finished: false },
		carriesKey: shown.some((part) => part.includes(key)),
	};
}

function orAsItIs<T>(text: string, read: (text: string) => T): T | string {
	try {
		return read(text);
	} catch {
		return text;
	}
}
