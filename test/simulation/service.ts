import { itemOfPrompt } from './workflow';
import type { Random } from './random';
import type { Task } from './task';
import { cancelTask, drawTask, hasEnded } from './task';

export type Answer = {
	status: number;
	headers?: Record<string, string>;
	body: string | Record<string, unknown>;
};

export type ServiceCall = {
	call: 'create' | 'status' | 'result' | 'cancel';
	requestId: string | undefined;
	body: Record<string, unknown>;
};

const NO_SUCH_TASK: Answer = { status: 404, body: { detail: 'Request not found' } };

/** The queue of the simulated service, as its contract has it, odd corners included. */
export class Service {
	readonly tasks = new Map<string, Task>();

	/**
	 * @param imageHost where the images lie
	 * @param key repeated in the service's words where it is given
	 * @param refusedItem the item whose prompt it does not take
	 */
	constructor(
		private readonly random: Random,
		private readonly imageHost: string,
		private readonly key: string | undefined,
		private readonly refusedItem: number | undefined,
	) {}

	/** Makes a task, as a create of its own or before the history begins. */
	accept(item: number, body: Record<string, unknown>, now: number): Task {
		const requestId = `mmsu_${this.tasks.size}${Math.floor(this.random.next() * 1e9).toString(36)}`;
		const place = { requestId, item, body, host: this.imageHost };
		const task = drawTask(place, now, this.random);
		this.tasks.set(requestId, task);
		return task;
	}

	/** @returns the answer, and the task that a create has made */
	serve({ call, requestId, body }: ServiceCall, now: number): { answer: Answer; made?: Task } {
		if (call === 'create') {
			if (itemOfPrompt(body.prompt) === this.refusedItem) {
				const detail = [{ loc: ['body', 'prompt'], msg: this.words('is not allowed') }];
				return { answer: { status: 422, body: { detail } } };
			}
			const made = this.accept(itemOfPrompt(body.prompt), body, now);
			return { answer: this.created(made), made };
		}
		const task = this.tasks.get(requestId ?? '');
		if (!task || now < task.knownFrom[call]) return { answer: NO_SUCH_TASK };
		if (call === 'cancel') return { answer: this.cancel(task, now) };
		return { answer: call === 'status' ? this.status(task, now) : this.result(task, now) };
	}

	private created({ requestId }: Task): Answer {
		const base = `https://elsewhere.example/requests/${requestId}`;
		const urls = { status_url: `${base}/status`, response_url: base, cancel_url: `${base}/cancel` };
		const named = this.random.chance(0.1) ? { id: requestId } : { request_id: requestId };
		const body = { ...named, ...urls, queue_position: 0 };
		return { status: this.random.pick([200, 200, 201]), body };
	}

	private cancel(task: Task, now: number): Answer {
		const taken = cancelTask(task, now, this.random);
		const status = taken ? 'CANCELLATION_REQUESTED' : 'ALREADY_COMPLETED';
		return { status: taken ? 202 : 400, body: { status } };
	}

	status(task: Task, now: number): Answer {
		const { requestId, words } = task;
		const whose = this.random.chance(0.8) ? { request_id: requestId } : {};
		if (!hasEnded(task, now)) {
			const running = now >= task.runsFrom;
			const extra = running
				? { progress: 0.5, logs: [{ message: this.words('working'), timestamp: 'now' }] }
				: { queue_position: 0 };
			const status = running ? words.running : words.queued;
			return { status: 200, body: { ...whose, status, ...extra } };
		}
		const metrics = { inference_time: (task.endsAt - task.createdAt) / 1000 };
		const end = task.ending === 'good' ? { metrics } : this.failure(task);
		return { status: 200, body: { ...whose, status: 'COMPLETED', ...end } };
	}

	private failure({ ending, errorType }: Task): Record<string, unknown> {
		if (ending === 'cancelled') {
			return { error: this.words('The task was cancelled'), error_type: 'CANCELED' };
		}
		const message = this.words('The model could not do that: ECONNRESET, canceled');
		return {
			error: this.random.chance(0.5) ? message : { code: 'E1', message },
			...(errorType && { error_type: errorType }),
			...(this.random.chance(0.3) && {
				provider_error: { code: 7, message: this.words('provider'), task_status: 'failed' },
			}),
		};
	}

	private result(task: Task, now: number): Answer {
		if (!hasEnded(task, now)) return { ...this.status(task, now), status: 202 };
		if (task.ending !== 'good') {
			const detail = this.words('The task has no result');
			if (task.badResult === 'client error') return { status: 400, body: { detail } };
			if (task.badResult === 'server error') return { status: 500, body: { detail } };
			return { status: 200, body: this.failure(task) };
		}
		if (now < task.resultFrom) {
			if (task.lateResult === 404) return NO_SUCH_TASK;
			const late = { request_id: task.requestId, status: 'IN_PROGRESS' };
			return { status: 202, body: this.random.chance(0.5) ? late : { status: 'COMPLETED' } };
		}
		return { status: 200, body: this.outputs(task) };
	}

	private outputs({ requestId, images, shape, body }: Task): Record<string, unknown> {
		const metadata = { prompt: body.prompt, note: this.words('seed 7') };
		const records = images.map(({ url, bytes }) => {
			if (shape === 'bare') return { url };
			const claimed = shape === 'hostile' ? HOSTILE_NAME : 'output.png';
			const facts = { content_type: 'image/png', file_name: claimed, width: 1024, height: 1024 };
			return { type: 'image', url, ...facts, file_size: bytes.length };
		});
		if (shape === 'older') return { request_id: requestId, output: [{ content: records }] };
		const text = shape === 'hostile' ? [{ type: 'text', text: 'Here they are' }] : [];
		return { request_id: requestId, outputs: [...text, ...records], metadata };
	}

	/** The service's words, with the key in them where it is that careless. */
	words(text: string): string {
		return this.key === undefined ? text : `${text} (Authorization: Bearer ${this.key})`;
	}
}

const HOSTILE_NAME = `../../etc/${'x'.repeat(500)}\r\nSet-Cookie: a=b;.exe`;
