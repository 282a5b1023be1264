import type { Parameters } from '../service/contract';
import { FAILURES, ENDINGS } from '../service/endings';
import type { BadEnd, Ending } from '../service/endings';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import type { Answer } from '../service/responses';
import type { Plan, Task } from '../service/task';
import { anonymous, RESULTS, said, words } from '../service/variations';
import type { Variation } from '../service/variations';
import { effectOf } from './effects';
import type { FaultContext, FaultName } from './effects';
import type { Random } from './random';

/** How a task goes in a simulation: drawn when it is made. Ages in ms. */
export type DrawnPlan = Plan & {
	/** From then on every call knows the task. */
	knownFrom: number;
	/** From then on its result is there; it may have ended before. */
	resultFrom: number;
	/** Whether all its images can be had. */
	isWhole: boolean;
};

export type DrawnTask = Task<DrawnPlan>;

const DURATIONS: ReadonlyArray<[number, number]> = [
	[100, 3_000],
	[3_000, 30_000],
	[5_000, 60_000],
	[2_000, 150_000],
];

/** What may be wrong with an image at every attempt to fetch it. */
const LASTING: Partial<Record<FaultName, number>> = {
	...{ none: 60, trailingBytes: 6, notFound: 1, html: 1, truncateQuietly: 1, toFile: 0.5 },
};

type Say = FaultContext['say'];

export function drawPlan({ n }: Parameters, random: Random, say: Say): DrawnPlan {
	const duration = random.magnitude(...random.pick(DURATIONS));
	// The service may be a little behind itself.
	const isBehind = random.chance(0.12);
	const behind = () => (isBehind && random.chance(0.7) ? random.magnitude(100, 25_000) : 0);
	const knownFrom = { status: behind(), result: behind(), cancel: behind() };
	const resultFrom = random.chance(0.8) ? 0 : duration + random.magnitude(100, 20_000);
	const notYet = drawNotYet(random);
	const lasting = Array.from({ length: n }, () => random.weighted(LASTING));
	const unless = (isKnown: boolean, fault: Fault) => (isKnown ? undefined : fault);
	const runsLong = random.chance(1 / 21);
	return {
		runsAt: random.next() * duration,
		endsAt: runsLong ? Infinity : duration,
		ending: drawEnding(random, say),
		cancel: (task) => {
			const ending = { ...ENDINGS.cancelled, error: say('The task was cancelled') };
			return task.end(ending, random.chance(0.5) ? 0 : random.magnitude(1, 3_000));
		},
		answers: drawAnswers(random, say),
		faults: {
			status: (_, { task }) => unless(task.age >= knownFrom.status, ERRORS.notFound()),
			cancel: (_, { task }) => unless(task.age >= knownFrom.cancel, ERRORS.notFound()),
			result: (_, { task }) =>
				unless(task.age >= knownFrom.result, ERRORS.notFound()) ??
				unless(task.ending?.how !== 'succeeded' || task.age >= resultFrom, notYet),
			image: (_, { index }) =>
				effectOf(lasting[index]!, { random, say, url: '', serviceAddress: '' }),
		},
		knownFrom: Math.max(...Object.values(knownFrom)),
		resultFrom,
		isWhole: lasting.every((one) => one === 'none' || one === 'trailingBytes'),
	};
}

const drawNotYet = (random: Random): Answer =>
	random.chance(0.3)
		? ERRORS.notFound()
		: { status: 202, body: { status: random.pick(['IN_PROGRESS', 'COMPLETED']) } };

function drawEnding(random: Random, say: Say): Ending {
	const how = random.weighted({ succeeded: 16, failed: 3, cancelled: 1 });
	if (how === 'succeeded') return ENDINGS.succeeded;
	if (how === 'cancelled') return { ...ENDINGS.cancelled, error: say('Somebody cancelled it') };
	const end: BadEnd = random.pick(Object.values(FAILURES).filter((one) => one.how === 'failed'));
	const message = say('The model could not do that: ECONNRESET, canceled');
	const error = random.chance(0.5) ? message : { code: 'E1', message };
	const { error_type: type, ...untyped } = { ...end, ...('error' in end && { error }) };
	const errorType = random.pick([type, type, type, 'SOMETHING_NEW', undefined]);
	const provider_error = { code: 7, message: say('provider'), task_status: 'failed' };
	return {
		...untyped,
		...(errorType !== undefined && { error_type: errorType }),
		...(random.chance(0.3) && { provider_error }),
	};
}

const compose =
	(...variations: Variation[]): Variation =>
	(answer) =>
		variations.reduce((varied, vary) => vary(varied), answer);

const plain: Variation = (answer) => answer;

/** The shapes of what it says about this task. */
function drawAnswers(random: Random, say: Say): Plan['answers'] {
	const word = {
		IN_QUEUE: random.pick(['IN_QUEUE', 'IN_QUEUE', 'QUEUED', 'in_queue', 'WAITING_ROOM']),
		IN_PROGRESS: random.pick(['IN_PROGRESS', 'IN_PROGRESS', 'in_progress', 'UPSCALING']),
		COMPLETED: random.pick(['COMPLETED', 'COMPLETED', 'Completed']),
	};
	const status = compose(words(word), said(say), random.chance(0.2) ? anonymous : plain);
	const { older, urlsAlone, withText, hostileNames } = RESULTS;
	const shapes = [plain, plain, older, urlsAlone, compose(withText, hostileNames)];
	const shape = random.pick(shapes);
	const badResult = random.pick([undefined, 400, 500]);
	const createStatus = random.pick([200, 200, 201]);
	const name = random.chance(0.1) ? 'id' : 'request_id';
	return {
		create: (_, { id }) => ({ status: createStatus, body: { [name]: id, ...urlsElsewhere(id) } }),
		status,
		result: (answer, { ending }) =>
			badResult && ending && ending.how !== 'succeeded'
				? ERRORS.failed(badResult, say('The task has no result'))
				: compose(status, shape)(answer),
	};
}

/** These must not be called: the base URL is the user's. */
const urlsElsewhere = (id: string) => {
	const base = `https://elsewhere.example/requests/${id}`;
	return { status_url: `${base}/status`, response_url: base, cancel_url: `${base}/cancel` };
};
