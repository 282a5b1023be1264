import type { Call } from './history';
import type { Random } from './random';

/** Which misfortune meets which request. */

export type Fault =
	| 'none'
	/** Nothing leaves: the service never hears of it. */
	| 'refused'
	| 'nameNotFound'
	| 'connectTimeout'
	| 'hostUnreachable'
	/** The connection breaks or stays silent, before or after the service has taken the request. */
	| 'resetBefore'
	| 'resetAfter'
	| 'silenceBefore'
	| 'silenceAfter'
	| 'slow'
	/** The service takes the request, and its answer is spoilt on the way. */
	| 'cutOff'
	| 'cutBody'
	| 'doubled'
	| 'html'
	| 'empty'
	| 'nonsense'
	| 'anotherTask'
	/** Something in front of the service answers, which may have passed the request on. */
	| 'gatewayBefore'
	| 'gatewayAfter'
	| 'tooMany'
	| 'tooManyForSeconds'
	| 'tooManyUntilDate'
	| 'requestTimeout'
	| 'tooEarly'
	| 'unauthorized'
	| 'noBalance'
	| 'forbidden'
	| 'elsewhere'
	/** The service says what it said before. */
	| 'stale'
	/** Of images only. */
	| 'notFound'
	| 'wrongType'
	| 'cutSilently'
	| 'stalls'
	| 'toOtherHost'
	| 'toFile'
	| 'toHttp'
	| 'toItself'
	| 'toService';

type Weights = Partial<Record<Fault, number>>;

const ANY_CALL: Weights = {
	refused: 3,
	nameNotFound: 1,
	connectTimeout: 1,
	hostUnreachable: 1,
	resetBefore: 2,
	resetAfter: 2,
	silenceBefore: 1,
	slow: 2,
	gatewayBefore: 3,
	tooMany: 3,
	tooManyForSeconds: 2,
	tooManyUntilDate: 1,
	requestTimeout: 0.5,
	tooEarly: 0.5,
};

const QUEUE_CALL: Weights = {
	...ANY_CALL,
	silenceAfter: 1,
	gatewayAfter: 2,
	cutOff: 1,
	cutBody: 1,
	doubled: 1,
	html: 1,
	empty: 1,
	nonsense: 1,
	unauthorized: 0.2,
	noBalance: 0.2,
	forbidden: 0.2,
	elsewhere: 0.3,
};

const FAULTS: Record<Call, Weights> = {
	create: QUEUE_CALL,
	status: { ...QUEUE_CALL, anotherTask: 2, stale: 3 },
	result: { ...QUEUE_CALL, anotherTask: 2, stale: 3 },
	cancel: QUEUE_CALL,
	image: {
		...ANY_CALL,
		html: 2,
		empty: 1,
		notFound: 0.5,
		wrongType: 1,
		cutOff: 2,
		cutSilently: 2,
		stalls: 1,
		toOtherHost: 2,
		toFile: 0.3,
		toHttp: 0.3,
		toItself: 0.3,
		toService: 0.5,
	},
	other: { none: 1 },
};

/** A span in which one thing goes wrong for nearly everybody. */
type Outage = { from: number; to: number; fault: Fault; calls: Call[] };

export class Weather {
	/** The share of requests that meet a misfortune. */
	readonly roughness: number;

	private readonly outages: Outage[] = [];

	constructor(private readonly random: Random) {
		this.roughness = random.pick([
			() => 0,
			() => random.magnitude(0.01, 0.1),
			() => random.magnitude(0.05, 0.3),
			() => random.magnitude(0.2, 0.7),
		])();
		while (this.roughness > 0 && random.chance(0.4)) this.outages.push(this.drawOutage());
	}

	deal(call: Call, now: number): Fault {
		const outage = this.outages.find(
			({ from, to, calls }) => now >= from && now < to && calls.includes(call),
		);
		if (outage && this.random.chance(0.9)) return outage.fault;
		if (!this.random.chance(this.roughness)) return 'none';
		return this.random.weighted(FAULTS[call]);
	}

	/** Milliseconds from a request to the beginning of its answer. */
	latency(fault: Fault): number {
		if (fault === 'slow') return this.random.magnitude(1_000, 200_000);
		if (fault === 'connectTimeout') return this.random.magnitude(1_000, 130_000);
		return this.random.magnitude(5, 600);
	}

	private drawOutage(): Outage {
		const { random } = this;
		const from = random.magnitude(100, 120_000) - 100;
		return {
			from,
			to: from + random.magnitude(500, 120_000),
			fault: random.weighted({ tooMany: 3, tooManyForSeconds: 1, ...ANY_CALL }),
			calls: random.pick<Call[]>([
				['create'],
				['status'],
				['result', 'image'],
				['create', 'status', 'result', 'cancel'],
				['create', 'status', 'result', 'cancel', 'image'],
			]),
		};
	}
}
