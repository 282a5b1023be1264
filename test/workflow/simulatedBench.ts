import type { INodeExecutionData } from 'n8n-workflow';
import { EmulatedService } from '../emulator/emulatedService';
import type { EmulatedServiceOptions } from '../emulator/emulatedService';
import type { RecordedRequest } from '../emulator';
import { Body, realAfter } from '../service/body';
import type { Call } from '../service/contract';
import { systemError } from '../service/networkFaults';
import { Pictures } from '../service/pictures/pictures';
import { startEngine } from '../engine/engine';
import type { Engine } from '../engine/engine';
import type { Execution } from '../engine/execution';
import { answerInProcess } from '../engine/inProcessHttp';
import type { Answer, Question } from '../engine/inProcessHttp';
import type { Run } from '../engine/run';
import { SimulatedClock } from '../engine/simulatedClock';
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
		readonly time: SimulatedClock,
		readonly service: EmulatedService,
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

	/** The emulated service's answer; only its sockets are left out. */
	async answer({ method, url, headers, body: text = '' }: Question): Promise<Answer> {
		const { service } = this;
		const { pathname, search } = new URL(url);
		const record = service.record({
			port: url.startsWith(IMAGES) ? 'images' : 'api',
			method,
			path: pathname + search,
			headers,
			text,
		});
		try {
			const wire = await service.respond(record);
			await pause(this.latencyMs);
			if (wire === 'silence') return await new Promise(() => {});
			if ('failure' in wire) throw systemError(wire.failure);
			record.status = wire.status;
			const body = new Body(wire.body, realAfter);
			body.once('end', () => (record.finished = true));
			return { ...wire, body };
		} finally {
			record.endedAt = Date.now();
		}
	}
}

export type Simulated = {
	/** Runs `work` over a service that knows nothing yet. */
	during(
		work: (bench: SimulatedBench) => Promise<void>,
		service?: Partial<EmulatedServiceOptions>,
	): Promise<void>;
};

/** An engine for the tests of this file, each with a service and a clock of its own. */
export function useSimulatedBench(): Simulated {
	// Simulated time costs real time on a busy machine, and a test given up would go on beside the next.
	jest.setTimeout(120_000);
	let engine: Engine;
	const pictures = new Pictures('small');
	const during: Simulated['during'] = async (work, options) => {
		await SimulatedClock.during(async (time) => {
			const service = new EmulatedService({
				...{ key: KEY, progress: { byTime: 20_000 }, pictures, limits: {} },
				...options,
			});
			service.lieAt(`${API}/model`, IMAGES);
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
		await pictures.prepare();
		// n8n starts timers of its own at its first run, which are to be none of a simulated one's.
		await engine.run(imageWorkflow({ prompt: '' }), {
			credential: { apiKey: KEY, baseUrl: API },
		});
	}, 60_000);
	afterAll(async () => await engine?.stop());
	return { during };
}
