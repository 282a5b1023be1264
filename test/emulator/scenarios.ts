import { ENDINGS } from '../service/endings';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import type { Plan } from '../service/task';
import { RESULTS } from '../service/variations';

export type Scenario = Partial<Plan> & {
	/** How many times as long it takes. */
	times?: number;
	/** What the `count`-th create in a row meets. */
	create?: (count: number) => Fault | undefined;
};

const once = (fault: Fault) => (count: number) => (count === 1 ? fault : undefined);

const always = (fault: Fault) => () => fault;

/** What can go otherwise than well, by the name that plays it in a prompt; `what` is for people. */
export const SCENARIOS = {
	failsWithContentBlocked: { what: 'fails: the safety policy', ending: ENDINGS.contentBlocked },
	failsWithInferenceFailure: { what: 'fails: the model failed', ending: ENDINGS.inferenceFailure },
	cancelledElsewhere: { what: 'is cancelled by someone else', ending: ENDINGS.cancelled },
	stuckInQueue: { what: 'waits in the queue forever', runsAt: Infinity, endsAt: Infinity },
	stuckInProgress: { what: 'runs forever', endsAt: Infinity },
	slow: { what: 'takes three times as long', times: 3 },

	rateLimitedOnce: { what: 'the first create answers 429', create: once('rateLimited') },
	createAnswers500: { what: 'the create answers 500, makes no task', create: always('error500') },
	createAcceptedButDropped: { what: 'the answer is lost', create: always('dropAfterAccept') },
	insufficientCredits: { what: 'no credits left: 402', create: always(ERRORS.noCredits()) },
	modelNotAllowed: { what: 'the model is not allowed: 403', create: always(ERRORS.notAllowed()) },

	imageGone: { what: 'the images are gone: 410', faults: { image: always(ERRORS.goneImage()) } },
	imageGoneOnce: { what: 'each is gone once', faults: { image: once(ERRORS.goneImage()) } },
	tenthImageGone: {
		what: 'the image server answers 410 for the tenth image alone (make ten)',
		faults: { image: (_, { index }) => (index === 9 ? ERRORS.goneImage() : undefined) },
	},
	imageDrips: { what: 'images come one byte at a time', faults: { image: always('drip') } },
	imageWrongType: {
		what: 'the image server and the result both say image/png, the bytes are WebP',
		pictureFormat: 'webp',
		answers: {
			result: RESULTS.claimsPng,
			image: (answer) => ({ ...answer, headers: { 'content-type': 'image/png' } }),
		},
	},

	alreadyCompletedAtCancel: {
		what: 'runs until it is cancelled, and has just succeeded when the cancel arrives: 400',
		endsAt: Infinity,
		cancel: (task) => {
			task.end(ENDINGS.succeeded);
			return false;
		},
	},
} as const satisfies Record<string, Scenario & { what: string }>;

export type ScenarioName = keyof typeof SCENARIOS;

/** The first scenario whose name is in square brackets in the prompt. */
export function scenarioInPrompt(prompt: unknown): Scenario {
	const names = String(prompt).matchAll(/\[(\w+)\]/g);
	for (const [, name] of names) {
		if (Object.hasOwn(SCENARIOS, name!)) return SCENARIOS[name as ScenarioName];
	}
	return {};
}
