import type { Call, Parameters } from '../service/contract';
import type { Fault } from '../service/faults';
import type { PictureKind } from '../service/pictures/pictures';
import type { Task } from '../service/task';
import { ENDINGS } from '../service/task';
import { EmulatedService } from './emulatedService';
import type { Progress } from './emulatedService';
import type { Limits } from './limits';
import type { RecordedRequest } from './records';
import type { Scenario, ScenarioName } from './scenarios';
import { close, listen, serve } from './server';

/** The key that an emulator takes unless it is told another. */
const TEST_KEY = 'key-of-the-emulated-service';

export type EmulatorOptions = {
	/** Ports of the API and of the image server; 0 (the default) is any free one. */
	port?: number;
	imagesPort?: number;
	key?: string;
	/**
	 * `byReads` n: status read 1 says IN_QUEUE, then IN_PROGRESS, from the n-th on COMPLETED.
	 * `byTime`: milliseconds from create to end. Default `{ byReads: 3 }`.
	 */
	progress?: Progress;
	/** Default `small`. */
	pictures?: PictureKind;
	limits?: Limits;
	/** Milliseconds before each answer of the API. Default 0. */
	latency?: number;
	/** Called with each request once its answer is under way. */
	onAnswer?: (request: RecordedRequest) => void;
};

export type Emulator = {
	/** What belongs into the credential: `http://127.0.0.1:PORT/model`. */
	baseUrl: string;
	imagesOrigin: string;
	key: string;
	/** Every request of both ports in order of arrival. */
	requests: RecordedRequest[];
	/** Every task that was made, by its id: as many as would be charged. */
	tasks: Map<string, Task>;
	/** Whether the key appeared in any request to the image server, or in any for an image. */
	readonly keyReachedImages: boolean;
	/** All creates that arrived, refused ones included. */
	creates(): RecordedRequest[];
	statusReads(id?: string): RecordedRequest[];
	results(id?: string): RecordedRequest[];
	cancels(id?: string): RecordedRequest[];
	downloads(id?: string): RecordedRequest[];
	/** Makes a task without a call: nothing is recorded. */
	addTask(body?: Partial<Parameters>, scenario?: ScenarioName | Scenario): Task;
	/** The next create (or the `nth` from now), and `times - 1` after it, play this scenario. */
	play(scenario: ScenarioName | Scenario, options?: { times?: number; nth?: number }): void;
	/** The next call of this kind, whatever its task, meets this; plans queue up. */
	answerNext(call: Call, fault: Fault, times?: number): void;
	/**
	 * The first request that matches, past ones included. `match` is asked when a request has
	 * arrived and again when it has been answered (`status` is 0 until then). Rejects with the list
	 * of what was seen after `timeoutMs` (default 5000).
	 */
	whenRequested(
		match: (request: RecordedRequest) => boolean,
		timeoutMs?: number,
	): Promise<RecordedRequest>;
	/** Ends a task by hand, default `succeeded`. Throws on an id that does not exist. */
	end(id: string, how?: 'succeeded' | 'failed' | 'cancelled'): void;
	/** Forgets tasks, requests, plans and scenarios; the addresses stay. */
	reset(): void;
	/** Closes both ports and breaks every open connection. */
	stop(): Promise<void>;
};

/** Starts the service on 127.0.0.1. Throws when a fixed port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const key = options.key ?? TEST_KEY;
	const { progress = { byReads: 3 }, pictures = 'small', limits = {}, latency = 0 } = options;
	const service = new EmulatedService({ key, progress, pictures, limits });
	const { records, plays, tasks } = service;

	const { onAnswer } = options;
	const api = serve({ service, port: 'api', latency, onAnswer });
	const images = serve({ service, port: 'images', onAnswer });
	const stop = async () => void (await Promise.all([close(api), close(images)]));
	try {
		const origin = await listen(api, options.port ?? 0);
		service.lieAt(`${origin}/model`, await listen(images, options.imagesPort ?? 0));
	} catch (error) {
		await stop();
		throw error;
	}

	const calls = (call: Call) => (id?: string) =>
		records.all.filter(
			(record) => record.call === call && (id === undefined || record.requestId === id),
		);
	return {
		...service.at,
		key,
		requests: records.all,
		tasks,
		get keyReachedImages() {
			return records.all.some(
				({ port, call, carriesKey }) => carriesKey && (port === 'images' || call === 'image'),
			);
		},
		creates: calls('create'),
		statusReads: calls('status'),
		results: calls('result'),
		cancels: calls('cancel'),
		downloads: calls('image'),
		addTask: (body, scenario) => service.addTask(body, scenario),
		play: (scenario, when) => plays.book(scenario, when),
		answerNext: (call, fault, times = 1) => plays.plan(call, fault, times),
		whenRequested: (match, timeoutMs = 5000) => records.whenRequested(match, timeoutMs),
		end(id, how = 'succeeded') {
			const task = tasks.get(id);
			if (!task) throw new Error(`No task has the id ${id}`);
			task.end(ENDINGS[how]);
		},
		reset: () => service.reset(),
		stop,
	};
}
