import type { Answer } from './service';
import type { Delivery, End } from './network';
import { callOf, failureOf, isBefore } from './network';
import type { Exchange } from './history';
import { History } from './history';
import { ImageHost } from './imageHost';
import { answerInstead, gateway, spoilt } from './mishaps';
import type { Random } from './random';
import type { Scenario } from './scenario';
import { itemOfPrompt } from './scenario';
import { Service } from './service';
import type { Picture } from './task';
import { WorldTime } from './time';
import { Weather } from './weather';

type Departure = Pick<Exchange, 'method' | 'url' | 'headers' | 'body'>;

const NAMED = /\/requests\/([^/]+)\/(?:status|response|cancel)$/;

/** Everything outside n8n: the service, the image host, the wires between and their weather. */
export class World {
	readonly time = new WorldTime();

	readonly history = new History();

	readonly service: Service;

	readonly weather: Weather;

	readonly baseUrl: string;

	execution = 0;

	nodeRun = 0;

	/** Told of every request that leaves. */
	onDeparture: () => void = () => {};

	private readonly imageHost: ImageHost;

	/** The last whole answer to each address. */
	private readonly said = new Map<string, Answer>();

	constructor(
		readonly scenario: Scenario,
		private readonly random: Random,
	) {
		this.baseUrl = `${scenario.http ? 'http' : 'https'}://cloud.seaart.example/model`;
		const pictures = `${scenario.http && random.chance(0.5) ? 'http' : 'https'}://image.cdn.example`;
		const echoed = random.chance(0.25) ? scenario.key : undefined;
		this.service = new Service(random, pictures, echoed);
		this.imageHost = new ImageHost(this.time, random, this.baseUrl);
		this.weather = new Weather(random);
	}

	record(departure: Departure): Exchange {
		const { method, url } = departure;
		const path = url.split(/[?#]/, 1)[0] ?? '';
		const isQueue = url.startsWith(this.baseUrl);
		const call = isQueue ? callOf(method, path) : 'image';
		const named = NAMED.exec(path)?.[1];
		const exchange: Exchange = {
			...departure,
			call,
			at: this.time.now,
			execution: this.execution,
			nodeRun: this.nodeRun,
			requestId: call === 'image' ? this.pictureAt(url)?.requestId : named,
			item: call === 'create' ? itemOfPrompt(departure.body.prompt) : undefined,
			fault: this.weather.deal(call, this.time.now),
		};
		this.history.exchanges.push(exchange);
		this.onDeparture();
		return exchange;
	}

	/** Takes a request to whom it is for, and what becomes of it back. */
	carry(exchange: Exchange, arrive: (end: End) => void): void {
		const { time, weather } = this;
		const latency = weather.latency(exchange.fault);
		const failure = failureOf(exchange);
		// The service hears of it on the way, whether or not somebody still waits for the answer then.
		time.after(latency / 3, () => {
			const delivery = isBefore(exchange) ? undefined : this.serve(exchange);
			const end = failure ?? (delivery && { delivery });
			if (end) time.after((latency * 2) / 3, () => arrive(end));
		});
	}

	private serve(exchange: Exchange): Delivery {
		const { call, fault, url } = exchange;
		if (call === 'image') return this.servePicture(exchange);
		const { random, service } = this;
		const words = (text: string) => service.words(text);
		const instead = answerInstead(fault, random, words);
		if (instead) return whole(instead);
		if (call === 'other') return whole({ status: 404, body: { detail: 'Not Found' } });
		const { requestId, body } = exchange;
		const { answer, made } = service.serve({ call, requestId, body }, this.time.now);
		if (made) exchange.accepted = made.requestId;
		if (fault === 'gatewayAfter') return whole(gateway(random, words('upstream failed')));
		if (fault === 'stale' && this.said.has(url)) return whole(this.said.get(url)!);
		const { status, headers = {} } = answer;
		if (fault === 'anotherTask') return anothers(answer);
		const rest = spoilt(fault, JSON.stringify(answer.body), random);
		if (rest !== undefined) {
			return { status, headers, body: rest, outcome: { kind: 'spoilt', status } };
		}
		this.said.set(url, answer);
		return whole(answer);
	}

	private servePicture({ url, fault }: Exchange): Delivery {
		const instead = answerInstead(fault, this.random, (text) => text);
		if (instead) return whole(instead);
		const answer = this.imageHost.answer(this.pictureAt(url)?.picture, url, fault);
		return { ...answer, outcome: { kind: 'answered', status: answer.status, body: {} } };
	}

	private pictureAt(url: string): { requestId: string; picture: Picture } | undefined {
		const [, requestId = '', index = ''] = /\/2026\/([^/]+)\/(\d+)\./.exec(url) ?? [];
		const picture = this.service.tasks.get(requestId)?.pictures[Number(index)];
		return picture && { requestId, picture };
	}
}

function whole({ status, headers = {}, body }: Answer): Delivery {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const readable = typeof body === 'string' ? {} : body;
	return { status, headers, body: text, outcome: { kind: 'answered', status, body: readable } };
}

function anothers({ status, headers = {}, body }: Answer): Delivery {
	const text = JSON.stringify({ ...(body as object), request_id: 'mmsu_somebodyElses' });
	return { status, headers, body: text, outcome: { kind: 'spoilt', status } };
}
