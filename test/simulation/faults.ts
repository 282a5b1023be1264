import type { FaultName } from './effects';
import type { Call } from './history';
import type { Random } from './random';

/** Fault injection: which fault meets which request. */

type FaultWeights = Partial<Record<FaultName, number>>;

// What a seed draws follows from the order of these.
const ANY_CALL: FaultWeights = {
	...{ refused: 3, nameNotFound: 1, connectTimeout: 1, hostUnreachable: 1 },
	...{ drop: 2, dropAfterAccept: 2, hang: 1, slow: 2, gatewayBefore: 3 },
	...{ tooMany: 3, tooManyNow: 1, tooManyForSeconds: 2, tooManyForHours: 0.2 },
	...{ tooManyUntilDate: 1, tooManyUntilPast: 1, requestTimeout: 0.5, tooEarly: 0.5 },
};

const QUEUE_CALL: FaultWeights = {
	...ANY_CALL,
	...{ hangAfterAccept: 1, gatewayAfter: 2, truncate: 1, truncateQuietly: 1, doubled: 1 },
	...{ html: 1, longPage: 0.3, empty: 1, nonsense: 1, drip: 1, stall: 1, oversized: 0.3 },
	...{ unauthorized: 0.2, noBalance: 0.2, forbidden: 0.2, elsewhere: 0.3 },
};

const READ: FaultWeights = { ...QUEUE_CALL, anotherTask: 2, stale: 3, unknownYet: 1 };

const IMAGE: FaultWeights = {
	...{ ...ANY_CALL, html: 2, empty: 1, notFound: 0.5, wrongType: 1 },
	...{ truncate: 2, truncateQuietly: 2, drip: 1, stall: 1, endless: 0.2 },
	...{ toOtherHost: 2, toFile: 0.3, toHttp: 0.3, toItself: 0.3, toService: 0.5 },
};

const FAULTS: Record<Call, FaultWeights> = {
	...{ create: QUEUE_CALL, status: READ, result: READ, image: IMAGE, other: { none: 1 } },
	cancel: { ...QUEUE_CALL, unknownYet: 2 },
};

/** What lasts for a while: an outage of the network, or a storm of refusals. */
const LASTING: FaultWeights = {
	...{ ...ANY_CALL, tooMany: 4, tooManyNow: 3, tooManyForSeconds: 2, tooManyUntilPast: 2 },
	...{ drip: 1, stall: 1, unknownYet: 1 },
};

/** A span in which one fault meets nearly every request. */
type Outage = { from: number; to: number; fault: FaultName; calls: Call[] };

export class FaultInjector {
	/** The share of requests that meet a fault. */
	readonly faultRate: number;
	private readonly outages: Outage[] = [];

	constructor(private readonly random: Random) {
		this.faultRate = random.pick([
			() => 0,
			() => random.magnitude(0.01, 0.1),
			() => random.magnitude(0.05, 0.3),
			() => random.magnitude(0.2, 0.7),
		])();
		while (this.faultRate > 0 && random.chance(0.4)) this.outages.push(this.drawOutage());
	}

	next(call: Call, now: number): FaultName {
		const outage = this.outages.find(
			({ from, to, calls }) => now >= from && now < to && calls.includes(call),
		);
		if (outage && this.random.chance(0.9))
			return outage.fault in FAULTS[call] ? outage.fault : 'none';
		if (!this.random.chance(this.faultRate)) return 'none';
		return this.random.weighted(FAULTS[call]);
	}

	/** Milliseconds from a request to the beginning of its response. */
	latency(fault: FaultName): number {
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
			fault: random.weighted(LASTING),
			calls: random.pick<Call[]>([
				...([['create'], ['status'], ['cancel'], ['result', 'image']] satisfies Call[][]),
				['create', 'status', 'result', 'cancel'],
				['create', 'status', 'result', 'cancel', 'image'],
			]),
		};
	}
}
