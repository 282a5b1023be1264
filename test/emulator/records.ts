import type { Call } from '../service/contract';
import type { Request, Subject } from '../service/service';

export type RecordedRequest = Request & {
	/** When it arrived, in milliseconds of Date.now(). */
	at: number;
	port: 'api' | 'images';
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

/** A request as it came, its body as text. */
export type Incoming = Omit<Request, 'body'> & { port: 'api' | 'images'; text: string };

type Waiter = { match: (request: RecordedRequest) => boolean; found: (r: RecordedRequest) => void };

/** Keeps every request of both ports, in order of arrival, and tells those who wait for one. */
export class Records {
	readonly all: RecordedRequest[] = [];

	private waiters: Waiter[] = [];

	constructor(private readonly key: string) {}

	add({ text, ...request }: Incoming, identify: (request: Request) => Subject): RecordedRequest {
		const { path, headers } = request;
		const body = text === '' ? undefined : parsed(text);
		const { call, requestId } = identify({ ...request, body });
		const shown = [path, decoded(path), text, ...Object.values(headers)];
		const record: RecordedRequest = {
			...request,
			...{ at: Date.now(), body, call, requestId, status: 0, finished: false },
			carriesKey: shown.some((part) => part.includes(this.key)),
		};
		this.all.push(record);
		this.tell(record);
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
		return await new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.waiters = this.waiters.filter((other) => other !== waiter);
				const seen = this.all.map(({ method, path, status }) => `${method} ${path} ${status}`);
				reject(new Error(`No such request within ${timeoutMs} ms. Seen:\n${seen.join('\n')}`));
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
