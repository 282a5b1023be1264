import type { Body, BodyPlan } from './body';
import { filling, inOrder, inPieces, timedBody } from './body';
import type { Answer } from './service';
import type { Delivery, End } from './transport';
import { callOf, failureOf, isBefore } from './transport';
import type { Exchange } from './history';
import { History } from './history';
import { ImageHost } from './imageHost';
import { answerInstead, gateway, spoilt } from './faultyResponses';
import type { Random } from './random';
import type { Scenario } from './scenario';
import { itemOfPrompt } from './workflow';
import { Service } from './service';
import type { TaskImage } from './task';
import { SimulatedClock } from './clock';
import type { Fault } from './faults';
import { FaultInjector } from './faults';

type Request = Pick<Exchange, 'method' | 'url' | 'headers' | 'body'>;

const NAMED = /\/requests\/([^/]+)\/(?:status|response|cancel)$/;

/** Everything outside n8n: the service, the image host, the network between and its faults. */
export class Simulation {
	readonly clock = new SimulatedClock();

	readonly history = new History();

	readonly service: Service;

	readonly faults: FaultInjector;

	readonly baseUrl: string;

	execution = 0;

	nodeRun = 0;

	/** Told of every request that leaves. */
	onRequest: () => void = () => {};

	private readonly imageHost: ImageHost;

	/** The last whole answer to each address. */
	private readonly said = new Map<string, Answer>();

	constructor(
		readonly scenario: Scenario,
		private readonly random: Random,
	) {
		this.baseUrl = `${scenario.http ? 'http' : 'https'}://cloud.seaart.example/model`;
		const images = `${scenario.http && random.chance(0.5) ? 'http' : 'https'}://image.cdn.example`;
		const echoed = random.chance(0.25) ? scenario.key : undefined;
		this.service = new Service(random, images, echoed, scenario.refusedItem);
		this.imageHost = new ImageHost(this.clock, random, this.baseUrl);
		this.faults = new FaultInjector(random);
	}

	record(request: Request): Exchange {
		const { method, url } = request;
		const path = url.split(/[?#]/, 1)[0] ?? '';
		const isQueue = url.startsWith(this.baseUrl);
		const call = isQueue ? callOf(method, path) : 'image';
		const named = NAMED.exec(path)?.[1];
		const exchange: Exchange = {
			...request,
			call,
			at: this.clock.now,
			execution: this.execution,
			nodeRun: this.nodeRun,
			requestId: call === 'image' ? this.imageAt(url)?.requestId : named,
			item: call === 'create' ? itemOfPrompt(request.body.prompt) : undefined,
			fault: this.faults.deal(call, this.clock.now),
		};
		this.history.begin(exchange);
		this.onRequest();
		return exchange;
	}

	/** Takes a request to whom it is for, and what becomes of it back. */
	carry(exchange: Exchange, arrive: (end: End) => void): void {
		const { clock, faults } = this;
		const latency = faults.latency(exchange.fault);
		const failure = failureOf(exchange);
		// The service hears of it on the way, whether or not somebody still waits for the answer then.
		clock.after(latency / 3, () => {
			const delivery = isBefore(exchange) ? undefined : this.serve(exchange);
			const end = failure ?? (delivery && { delivery });
			if (end) clock.after((latency * 2) / 3, () => arrive(end));
		});
	}

	private serve(exchange: Exchange): Delivery {
		const { call, fault, url } = exchange;
		if (call === 'image') return this.serveImage(exchange);
		const { random, service } = this;
		const words = (text: string) => service.words(text);
		const instead = answerInstead(fault, random, words);
		if (instead) return this.whole(instead);
		if (call === 'other') return this.whole({ status: 404, body: { detail: 'Not Found' } });
		const { requestId, body } = exchange;
		const { answer, made } = service.serve({ call, requestId, body }, this.clock.now);
		if (made) exchange.accepted = made.requestId;
		if (fault === 'gatewayAfter') return this.whole(gateway(random, words('upstream failed')));
		if (fault === 'stale' && this.said.has(url)) return this.whole(this.said.get(url)!);
		const { status, headers = {} } = answer;
		const spoiltBody = (body: Body): Delivery => ({
			...{ status, headers, body },
			outcome: { kind: 'spoilt', status },
		});
		if (fault === 'anotherTask') {
			const others = { ...(answer.body as object), request_id: 'mmsu_somebodyElses' };
			return spoiltBody(this.text(JSON.stringify(others)));
		}
		const rest = spoilt(fault, JSON.stringify(answer.body), random);
		if (rest !== undefined) return spoiltBody(this.text(rest));
		if (fault === 'huge') return spoiltBody(timedBody(this.clock, { next: filling(50e6) }));
		this.said.set(url, answer);
		return this.whole(answer, fault);
	}

	private serveImage({ url, fault }: Exchange): Delivery {
		const instead = answerInstead(fault, this.random, (text) => text);
		if (instead) return this.whole(instead);
		const answer = this.imageHost.answer(this.imageAt(url)?.image, url, fault);
		return { ...answer, outcome: { kind: 'answered', status: answer.status, body: {} } };
	}

	private imageAt(url: string): { requestId: string; image: TaskImage } | undefined {
		const [, requestId = '', index = ''] = /\/2026\/([^/]+)\/(\d+)\./.exec(url) ?? [];
		const image = this.service.tasks.get(requestId)?.images[Number(index)];
		return image && { requestId, image };
	}

	/** A response that can be read, if it comes to its end. */
	private whole({ status, headers = {}, body }: Answer, fault: Fault = 'none'): Delivery {
		const readable = typeof body === 'string' ? {} : body;
		const outcome = { kind: 'answered', status, body: readable } as const;
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		return { status, headers, body: this.text(text, fault), outcome };
	}

	private text(text: string, fault: Fault = 'none'): Body {
		const bytes = Buffer.from(text);
		const half = { next: inOrder([bytes.subarray(0, bytes.length / 2)]) };
		const plans: Partial<Record<Fault, BodyPlan>> = {
			cutOff: { ...half, end: 'breaks' },
			neverEnds: { ...half, end: 'stalls' },
			trickles: { next: inPieces(bytes, this.random.whole(1, 4)), gapMs: () => 300 },
		};
		return timedBody(this.clock, plans[fault] ?? { next: inOrder([bytes]) });
	}
}
