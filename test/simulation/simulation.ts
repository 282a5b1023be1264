import { SimulatedClock } from '../harness/simulatedClock';
import type { Parameters } from '../service/contract';
import type { Fault, Wire } from '../service/faults';
import { ERRORS } from '../service/responses';
import type { Answer } from '../service/responses';
import { Service } from '../service/service';
import type { Request, Subject } from '../service/service';
import { anotherTask } from '../service/variations';
import { effectOf } from './effects';
import { FaultInjector } from './faults';
import { History } from './history';
import type { Exchange } from './history';
import { drawPlan } from './plan';
import type { DrawnPlan, DrawnTask } from './plan';
import type { Random } from './random';
import type { Scenario } from './scenario';
import type { SimulationEngine } from './simulationEngine';
import { itemOfPrompt, promptOf } from './workflow';

/** Everything outside n8n: the service, the image host, the network between and its faults. */
export class Simulation {
	readonly clock = new SimulatedClock();
	readonly history = new History();
	readonly service: Service<DrawnPlan>;
	readonly faults: FaultInjector;
	readonly baseUrl: string;
	execution = 0;
	nodeRun = 0;
	/** The node that is at work. */
	node = '';
	/** n8n has been killed: what its process still does in this one has no effect. */
	isDead = false;
	/** Told of every request that leaves. */
	onRequest: () => void = () => {};
	/** The last answer of the service to each address. */
	private readonly said = new Map<string, Answer>();
	private readonly echoedKey: string | undefined;

	constructor(
		readonly scenario: Scenario,
		readonly random: Random,
		readonly engine: SimulationEngine,
	) {
		const { http, key } = scenario;
		const { pictures } = engine;
		this.clock.isBusy = () => pictures.underWay > 0;
		this.baseUrl = `${http ? 'http' : 'https'}://cloud.seaart.example/model`;
		this.service = new Service({
			key: () => key,
			pictures,
			now: () => this.clock.now,
			newId: () => `mmsu_${this.service.tasks.size}${random.whole(0, 1e9).toString(36)}`,
		});
		const imagesOrigin = `${http && random.chance(0.5) ? 'http' : 'https'}://image.cdn.example`;
		Object.assign(this.service, { baseUrl: this.baseUrl, imagesOrigin });
		this.echoedKey = random.chance(0.25) ? key : undefined;
		this.faults = new FaultInjector(random);
	}

	/** A task that is there before the history begins. */
	addTask(item: number): DrawnTask {
		const task = this.service.add({ prompt: promptOf(item), n: this.scenario.images }, this.plan);
		if (this.scenario.tasksNeverEnd) task.plan.endsAt = Infinity;
		return task;
	}

	/** Notes a request that leaves; `carry` takes it to whom it is for, and what becomes of it back. */
	record(sent: Pick<Exchange, 'method' | 'url' | 'headers' | 'body'>) {
		const { method, url, headers } = sent;
		const { pathname, search } = new URL(url);
		const body = method === 'POST' ? sent.body : undefined;
		const request = { method, path: pathname + search, headers, body };
		const subject = this.service.identify(request);
		const call = url.startsWith(this.baseUrl) ? (subject.call ?? 'other') : 'image';
		const { execution, nodeRun, node } = this;
		const exchange: Exchange = {
			...{ ...sent, call, at: this.clock.now, execution, nodeRun, node },
			requestId: subject.requestId,
			item: call === 'create' ? itemOfPrompt(sent.body.prompt) : undefined,
			fault: this.faults.next(call, this.clock.now),
		};
		this.history.begin(exchange);
		this.onRequest();
		return { exchange, carry: async () => await this.carry(exchange, request, subject) };
	}

	private async carry(
		exchange: Exchange,
		request: Request,
		subject: Subject<DrawnPlan>,
	): Promise<Wire> {
		const latency = this.faults.latency(exchange.fault);
		// The service hears of it on the way, whether or not somebody still waits for the answer then.
		await this.wait(latency / 3);
		const wire = await this.service.respond(request, subject, {
			fault: this.faultOf(exchange),
			plan: this.plan,
			change: (answer) => this.changed(answer, exchange),
			onCreated: ({ id }) => (exchange.accepted = id),
		});
		await this.wait((latency * 2) / 3);
		return wire;
	}

	private readonly say = (text: string) =>
		this.echoedKey === undefined ? text : `${text} (Authorization: Bearer ${this.echoedKey})`;

	private readonly plan = (parameters: Parameters) => drawPlan(parameters, this.random, this.say);

	private faultOf({ fault, url, item }: Exchange): Fault | undefined {
		const { random, say, baseUrl: serviceAddress } = this;
		const effect = effectOf(fault, { random, say, url, serviceAddress });
		if (effect || item === undefined || item !== this.scenario.refusedItem) return effect;
		return ERRORS.refused([{ loc: ['body', 'prompt'], msg: say('is not allowed') }]);
	}

	private changed(answer: Answer, { call, fault, url }: Exchange): Answer {
		if (call === 'image') return answer;
		if (fault === 'anotherTask') return anotherTask(answer);
		const before = fault === 'stale' ? this.said.get(url) : undefined;
		this.said.set(url, before ?? answer);
		return before ?? answer;
	}

	private wait = async (ms: number) =>
		await new Promise<void>((resolve) => this.clock.after(ms, resolve));
}
