import type { Random } from './random';

/** What the user has set up, and what happens around it while it runs: drawn from the seed. */

export type Scenario = {
	operation: 'generate' | 'getResult' | 'getStatus' | 'cancel';
	items: number;
	images: number;
	wait: boolean;
	download: boolean;
	singleItem: boolean;
	/** Seconds. */
	timeout: number;
	onTimeout: 'fail' | 'cancel' | 'returnTask';
	pollInterval: number;
	inFlight: number;
	cancelOnStop: boolean;
	format: 'png' | 'jpeg' | 'webp';
	onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	/** Tries of Retry On Fail; 1 where it is off. */
	tries: number;
	waitBetweenTries: number;
	/** Milliseconds between the starts of two batches; 0 where n8n starts all items at once. */
	batchInterval: number;
	batchSize: number;
	/** The item with a number of images that the node refuses, and the one that the service refuses. */
	badItem: number | undefined;
	refusedItem: number | undefined;
	/** The first item whose prompt or request ID is an expression that throws. */
	throwsFrom: number | undefined;
	/**
	 * When the user presses Stop: in which execution (later ones are retries), and so long after which of
	 * its requests has left, 0 being its start.
	 */
	stop: { execution: number; afterRequests: number; plusMs: number } | undefined;
	/** When n8n is killed in the first execution: so long after which of its requests has left. */
	crash: { afterRequests: number; plusMs: number } | undefined;
	/** Whether n8n saves the execution after each node ("Save execution progress"). */
	savesProgress: boolean;
	/** Whether Generate does not wait, and Get Result in a node behind it brings the images. */
	collects: boolean;
	/** How often the user presses "Retry execution" at most. */
	retryExecution: number;
	/** Whether he presses it on the first execution each time, and not on its latest retry. */
	retriesFirst: boolean;
	/** Whether the key is an expression, which cannot be resolved any more for an item that has settled. */
	keyFromExpression: boolean;
	/** When the system's clock is set, and by how much. */
	wallClock: Array<{ atMs: number; byMs: number }>;
	/** Whether no task ends before its item's time-out. */
	tasksNeverEnd: boolean;
	/** Whether images may be fetched over http, as the base URL is http itself. */
	http: boolean;
	key: string;
};

export function drawScenario(random: Random): Scenario {
	const operation = random.weighted({ generate: 16, getResult: 3, getStatus: 1, cancel: 1 });
	const few = () => random.whole(2, 4);
	const items = random.pick([
		...[() => 1, few, few, () => random.whole(3, 8)],
		() => (random.chance(0.1) ? random.whole(20, 40) : random.whole(5, 12)),
	])();
	const throws = random.chance(0.1);
	const retries = random.chance(throws ? 0.7 : 0.35);
	// Without "Batching", n8n reads all items before it starts any.
	const batched = random.chance(throws ? 0.7 : 0.15);
	const part = () => Math.floor(random.next() * 1e12).toString(36);
	const scenario: Scenario = {
		operation,
		items,
		images: random.chance(0.6) ? 1 : random.whole(2, items > 12 ? 2 : 4),
		wait: random.chance(0.8),
		download: random.chance(0.85),
		singleItem: random.chance(0.35),
		timeout: random.chance(0.5) ? 600 : Math.round(random.magnitude(2, 900)),
		onTimeout: random.weighted({ fail: 2, cancel: 1, returnTask: 1 }),
		pollInterval: random.chance(0.7) ? 0 : Math.round(random.magnitude(1, 20)),
		inFlight: random.chance(0.4) ? 10 : random.whole(1, 4),
		cancelOnStop: random.chance(0.85),
		format: random.pick(['png', 'jpeg', 'webp']),
		onError: random.weighted({ stopWorkflow: 4, continueRegularOutput: 2, continueErrorOutput: 2 }),
		tries: retries ? random.whole(2, 3) : 1,
		waitBetweenTries: random.pick(throws ? [1, 1, 1000] : [1, 1000, 5000]),
		batchInterval: batched ? random.pick([1, random.whole(50, 2000)]) : 0,
		batchSize: 1,
		badItem: random.chance(0.02) ? random.whole(0, items - 1) : undefined,
		refusedItem: random.chance(0.06) ? random.whole(0, items - 1) : undefined,
		throwsFrom: throws ? random.whole(0, items - 1) : undefined,
		stop: random.chance(0.35) ? drawStop(items, random) : undefined,
		...{ crash: undefined, savesProgress: false, collects: false },
		retryExecution: random.chance(0.6) ? random.whole(1, 2) : 0,
		retriesFirst: random.chance(0.15),
		keyFromExpression: random.chance(0.3),
		wallClock: random.chance(0.12) ? drawWallClock(random) : [],
		tasksNeverEnd: false,
		http: random.chance(0.25),
		key: `sk-${part()}-${part()}`,
	};
	return random.chance(0.006) ? { ...scenario, ...drawMany(operation, random) } : scenario;
}

const drawStop = (items: number, random: Random) => ({
	execution: random.chance(0.8) ? 1 : 2,
	afterRequests: random.chance(0.1) ? 0 : Math.round(random.magnitude(1, 6 * items)),
	plusMs: random.pick([0, 1, random.whole(0, 400), random.whole(0, 20_000)]),
});

/** How many items n8n starts at once under "Batching". */
export const drawBatchSize = ({ items }: Scenario, random: Random) => ({
	batchSize: random.chance(0.5) ? 1 : random.whole(1, items),
});

/** Of n8n itself, which is started again and asked to go on with what it had saved. */
export function drawCrash({ operation, items }: Scenario, random: Random): Partial<Scenario> {
	if (operation !== 'generate' || items > 100 || !random.chance(0.08)) return {};
	const crash = {
		afterRequests: Math.round(random.magnitude(1, 6 * items)),
		plusMs: random.pick([0, 1, random.whole(0, 20_000)]),
	};
	const killed = { crash, stop: undefined, throwsFrom: undefined, retryExecution: 2 };
	const savesProgress = random.chance(0.6);
	if (random.chance(0.4)) return { ...killed, savesProgress };
	const pair: Partial<Scenario> = { wait: false, tries: 1, onError: 'stopWorkflow' };
	return { ...killed, ...pair, savesProgress, collects: true, onTimeout: 'fail' };
}

const drawWallClock = (random: Random) =>
	Array.from({ length: random.whole(1, 3) }, () => ({
		atMs: random.magnitude(10, 300_000),
		byMs: random.pick([-1, 1]) * random.magnitude(1_000, 72 * 3_600_000),
	}));

/** Hundreds of items, which may all share one deadline; rarely thousands. */
function drawMany(operation: string, random: Random): Partial<Scenario> {
	const items = random.chance(0.15) ? 2_000 : random.whole(150, 400);
	const long = items > 400;
	const stop = () => ({
		execution: random.chance(0.6) ? 1 : 2,
		afterRequests: random.whole(1, items),
		plusMs: random.whole(0, 2_000),
	});
	return {
		items,
		images: 1,
		download: !long,
		wait: !long && random.chance(0.8),
		timeout: Math.round(random.magnitude(20, 120)),
		inFlight: random.pick([50, 100]),
		tasksNeverEnd: operation !== 'generate' && random.chance(0.4),
		tries: 1,
		retryExecution: long ? 0 : 1,
		batchInterval: 0,
		throwsFrom: undefined,
		stop: random.chance(0.4) ? stop() : undefined,
	};
}
