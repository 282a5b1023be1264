import type { IncomingMessage, ServerResponse } from 'node:http';

export type Call = 'create' | 'status' | 'result' | 'cancel' | 'image';

export type RecordedRequest = {
	/** When it arrived, in milliseconds of Date.now(). */
	at: number;
	port: 'api' | 'images';
	method: string;
	/** As it was sent: encoded, query included. */
	path: string;
	headers: Record<string, string>;
	/** The parsed body where it is JSON, else its text; undefined when there was none. */
	body: unknown;
	/** The status answered; 0 while unanswered, and for ever when the connection was dropped. */
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

type Waiter = { match: (request: RecordedRequest) => boolean; found: (r: RecordedRequest) => void };

const BODY_LIMIT = 1024 * 1024;

/** Keeps every request of both ports, in order of arrival, and tells those who wait for one. */
export class Records {
	readonly all: RecordedRequest[] = [];

	private waiters: Waiter[] = [];

	constructor(private readonly key: string) {}

	/** Records a request as soon as its body is there. Throws when the client breaks off before. */
	async open(request: IncomingMessage, response: ServerResponse, port: 'api' | 'images') {
		const at = Date.now();
		const text = await bodyOf(request);
		const headers = Object.fromEntries(
			Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
		);
		const path = request.url ?? '/';
		const shown = [path, decoded(path), text, ...Object.values(headers)];
		const record: RecordedRequest = {
			at,
			port,
			method: request.method ?? 'GET',
			path,
			headers,
			body: text === '' ? undefined : parsed(text),
			status: 0,
			carriesKey: shown.some((part) => part.includes(this.key)),
			finished: false,
		};
		response.once('finish', () => (record.finished = true));
		response.once('close', () => (record.endedAt = Date.now()));
		this.all.push(record);
		return record;
	}

	/** To be called whenever something about a record is newly known. */
	tell(record: RecordedRequest): void {
		for (const waiter of [...this.waiters]) {
			if (!waiter.match(record)) continue;
			this.waiters = this.waiters.filter((other) => other !== waiter);
			waiter.found(record);
		}
	}

	/** See `Emulator.whenRequested`. */
	async whenRequested(match: Waiter['match'], timeoutMs: number): Promise<RecordedRequest> {
		const past = this.all.find(match);
		if (past) return past;
		return new Promise((resolve, reject) => {
			const seen = () =>
				this.all.map(({ method, path, status }) => `${method} ${path} ${status}`).join('\n');
			const timer = setTimeout(() => {
				this.waiters = this.waiters.filter((other) => other !== waiter);
				reject(new Error(`No such request within ${timeoutMs} ms. Seen:\n${seen()}`));
			}, timeoutMs);
			const waiter: Waiter = {
				match,
				found: (record) => {
					clearTimeout(timer);
					resolve(record);
				},
			};
			this.waiters.push(waiter);
		});
	}

	clear(): void {
		this.all.length = 0;
	}
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of request) {
		length += (part as Buffer).length;
		if (length > BODY_LIMIT) throw new Error('The body is too long');
		parts.push(part as Buffer);
	}
	return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function decoded(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}
