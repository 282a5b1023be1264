import { Readable } from 'node:stream';
import type { INodeExecutionData } from 'n8n-workflow';
import { answerApi, identify } from '../emulator/api';
import { answerImage, identifyImage } from '../emulator/images';
import { TRAILING_BYTES, underMisbehaviour } from '../emulator/misbehaviour';
import type { Outcome } from '../emulator/misbehaviour';
import type { Call, RecordedRequest } from '../emulator/records';
import { Pictures } from '../emulator/pictures';
import { Service } from '../emulator/service';
import type { ServiceOptions } from '../emulator/service';
import { newTask } from '../emulator/task';
import { startEngine } from '../engine/engine';
import type { Engine } from '../engine/engine';
import type { Execution } from '../engine/execution';
import { answerInProcess, ConnectionFault } from '../engine/inProcessHttp';
import type { Answer, Question } from '../engine/inProcessHttp';
import type { Run } from '../engine/run';
import { SimulatedTime } from '../engine/simulatedTime';
import { imageWorkflow } from './bench';
import type { Situation } from './bench';

const API = 'http://service.test';
const IMAGES = 'http://images.test';
const KEY = 'key-of-the-simulated-service';

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/**
 * n8n's engine and the emulated service in one process under simulated time, for what takes minutes.
 * The service is the emulator's own; only its sockets are left out.
 */
export class SimulatedBench {
	/** How long every answer of the API takes. */
	latencyMs = 20;

	private runs: Run[] = [];

	constructor(
		private readonly engine: Engine,
		readonly time: SimulatedTime,
		readonly service: Service,
	) {}

	get credential(): { apiKey: string; baseUrl: string } {
		return { apiKey: KEY, baseUrl: `${API}/model` };
	}

	start(parameters: object, { items, settings, credential }: Situation = {}): Run {
		const run = this.engine.start(imageWorkflow(parameters, settings), {
			credential: (credential ?? this.credential) as never,
			...(items && { items: items.map((json) => ({ json })) }),
		});
		this.runs.push(run);
		return run;
	}

	async run(parameters: object, situation: Situation = {}): Promise<Execution> {
		return await this.time.settle(this.start(parameters, situation).ended);
	}

	/** What "Retry execution" in the executions list does. */
	async retry(execution: Execution): Promise<Execution> {
		const run = this.engine.retry(execution, { credential: this.credential });
		this.runs.push(run);
		return await this.time.settle(run.ended);
	}

	requests(call?: Call): RecordedRequest[] {
		return this.service.records.all.filter((request) => !call || request.call === call);
	}

	/** The bytes of the file in an item. */
	async file(item: INodeExecutionData | undefined): Promise<Buffer> {
		return await this.engine.bytes(item?.binary?.data);
	}

	/** Lets time pass until so many such calls have been answered; throws after an hour. */
	async untilAnswered(call: Call, count = 1): Promise<void> {
		const answered = () => this.requests(call).filter(({ status }) => status > 0).length;
		for (const giveUpAt = this.time.now + 3_600_000; answered() < count;) {
			if (this.time.now > giveUpAt) throw new Error(`Not ${count} calls of ${call} in an hour`);
			await this.time.pass(10);
		}
	}

	async endRuns(): Promise<void> {
		for (const run of this.runs) run.stop();
		await this.time.settle(Promise.all(this.runs.map(async ({ ended }) => await ended)));
	}

	async answer(question: Question): Promise<Answer> {
		const { service } = this;
		const record = recordOf(question);
		const toImages = question.url.startsWith(IMAGES);
		if (toImages) identifyImage(service, record);
		else identify(service, record);
		service.records.all.push(record);
		try {
			const outcome = toImages
				? await underMisbehaviour(
						service.plays.next('image'),
						async () => await answerImage(service, record),
					)
				: await answerApi(service, record);
			await pause(this.latencyMs);
			const answer = await sent(outcome);
			record.status = answer.status;
			record.finished = true;
			return answer;
		} finally {
			record.endedAt = Date.now();
		}
	}
}

function recordOf({ method, url, headers, body }: Question): RecordedRequest {
	const { pathname, search } = new URL(url);
	const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
	return {
		at: Date.now(),
		port: url.startsWith(IMAGES) ? 'images' : 'api',
		method,
		path: pathname + search,
		headers: Object.fromEntries(lowerCased) as Record<string, string>,
		body: body ? JSON.parse(body) : undefined,
		status: 0,
		carriesKey: JSON.stringify([url, headers, body]).includes(KEY),
		finished: false,
	};
}

/** The outcomes that tests under simulated time ask for. */
async function sent({ answer, damage }: Outcome): Promise<Answer> {
	if (damage === 'drop' || damage === 'dropAfterAccept') throw new ConnectionFault('ECONNRESET');
	if (damage === 'hang' || damage === 'hangAfterAccept' || !answer)
		return await new Promise(() => {});
	const body = answer.body as Answer['body'];
	if (damage === undefined) return { ...answer, body };
	if (damage === 'drip') return { ...answer, body: Readable.from(drip(body)) };
	if (damage === 'trailingBytes') {
		return { ...answer, body: Buffer.concat([body as Buffer, TRAILING_BYTES]) };
	}
	throw new Error(`Not under simulated time: ${damage}`);
}

/** Never silent for long, and never at its end. */
async function* drip(body: Answer['body']): AsyncGenerator<Buffer> {
	yield Buffer.isBuffer(body) ? body.subarray(0, 64) : Buffer.from(' ');
	for (;;) {
		await pause(5000);
		yield Buffer.from(' ');
	}
}

export type Simulated = {
	/** Runs `work` over a service that knows nothing yet. */
	during(
		work: (bench: SimulatedBench) => Promise<void>,
		service?: Partial<ServiceOptions>,
	): Promise<void>;
};

/** An engine for the tests of this file, each with a service and a clock of its own. */
export function useSimulatedBench(): Simulated {
	// Simulated time costs real time on a busy machine, and a test given up would go on beside the next.
	jest.setTimeout(120_000);
	let engine: Engine;
	const pictures = new Pictures('small');
	const during: Simulated['during'] = async (work, options) => {
		await SimulatedTime.during(async (time) => {
			const service = new Service({
				key: KEY,
				progress: { byTime: 20_000 },
				pictures: 'small',
				limits: {},
				...options,
			});
			Object.assign(service, { pictures });
			service.baseUrl = `${API}/model`;
			service.imagesOrigin = IMAGES;
			const bench = new SimulatedBench(engine, time, service);
			const restore = answerInProcess(async (question) => await bench.answer(question));
			try {
				await work(bench);
			} finally {
				await bench.endRuns();
				restore();
			}
		});
	};
	beforeAll(async () => {
		engine = await startEngine();
		// To draw a picture takes real time; these are the ones that the service then copies.
		for (const output_format of ['png', 'jpeg', 'webp'] as const) {
			const task = newTask({ prompt: 'x', output_format });
			await pictures.of(task, task.images[0]!);
		}
		// n8n starts timers of its own at its first run, which are to be none of a simulated one's.
		await engine.run(imageWorkflow({ prompt: '' }), {
			credential: { apiKey: KEY, baseUrl: API },
		});
	}, 60_000);
	afterAll(async () => await engine?.stop());
	return { during };
}
