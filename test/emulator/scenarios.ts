import type { ResultBody } from './answers';
import type { Parameters } from './contract';
import type { Answer, Misbehaviour } from './misbehaviour';
import type { Course, EmulatedTask, Ending } from './task';

/** What a twist sees of the call that it may bend. */
export type Seen = {
	/** The how-manyth call of its kind for this task, or for this image, counting from 1. */
	count: number;
	/** The true answer. */
	answer: Answer;
	task: EmulatedTask;
	/** Of an image: its place in the task, from 0. */
	index: number;
	/** Of an image: the path that was asked for. */
	path: string;
	baseUrl: string;
};

type Twist = (seen: Seen) => Misbehaviour | undefined;

export type Scenario = Course & {
	/** One line for people. */
	what: string;
	/** What the creates are answered, one after the other, before one is accepted. */
	create?: readonly Misbehaviour[];
	/** Named in a prompt, the scenario answers so for ever and not only at the first creates. */
	everyCreate?: boolean;
	status?: Twist;
	/** Result calls after the end; those before it are answered 202 as always. */
	result?: Twist;
	image?: Twist;
	/** The format of the bytes, whatever was asked for and whatever the result claims. */
	pictureFormat?: Parameters['output_format'];
	/** The task ends in this way just before its cancel is looked at. */
	endsAtCancel?: Ending;
	/** The cancel is taken, and the task goes on to its end all the same. */
	cancelIgnored?: boolean;
};

const once =
	(misbehaviour: Misbehaviour): Twist =>
	({ count }) =>
		count === 1 ? misbehaviour : undefined;

const always =
	(misbehaviour: Misbehaviour): Twist =>
	() =>
		misbehaviour;

const failed = (error: unknown, error_type: string, more: object = {}): Ending => ({
	how: 'failed',
	error,
	error_type,
	...more,
});

/** The true answer with its body changed. */
const changed = ({ answer }: Seen, change: (body: ResultBody) => ResultBody): Answer => ({
	...answer,
	body: change(structuredClone(answer.body) as ResultBody),
});

const eachOutput = (seen: Seen, change: (output: Record<string, unknown>) => object): Answer =>
	changed(seen, (body) => ({
		...body,
		outputs: body.outputs?.map((output) => ({ type: 'image', ...change(output) })),
	}));

const notFound: Answer = { status: 404, body: { detail: 'Request not found' } };
const missingAtCdn: Answer = { status: 404, body: '<html><body>404 Not Found</body></html>' };
const htmlPage: Answer = {
	status: 200,
	headers: { 'content-type': 'text/html; charset=utf-8' },
	body: '<!doctype html><html><body><h1>Checking your browser</h1></body></html>',
};

/** Everything that can go otherwise than well, by the name that plays it. */
export const SCENARIOS = {
	failsWithContentBlocked: {
		what: 'ends badly: blocked by the safety policy',
		ending: failed('Your request was rejected by the safety system', 'CONTENT_BLOCKED'),
	},
	failsWithInferenceFailure: {
		what: 'ends badly: the model failed, with the words of the provider behind it',
		ending: failed({ code: 'MODEL_ERROR', message: 'The model failed' }, 'INFERENCE_FAILURE', {
			provider_error: {
				code: 'upstream_5003',
				message: 'resource preexisting on worker',
				task_status: 'FAILED',
			},
		}),
	},
	failsWithTimeout: {
		what: 'ends badly: the model took too long',
		ending: failed({ code: 'TIMEOUT', message: 'Took longer than 300 s' }, 'INFERENCE_TIMEOUT'),
	},
	failsWithStringError: {
		what: 'ends badly: the error is a bare string',
		ending: failed('something went wrong', 'INTERNAL_SERVER_ERROR'),
	},
	cancelledElsewhere: {
		what: 'ends as cancelled, though nobody here cancelled it',
		ending: { how: 'cancelled', error: 'Request was canceled', error_type: 'CANCELED' },
	},
	stuckInQueue: { what: 'waits in the queue for ever', stuckIn: 'IN_QUEUE' },
	stuckInProgress: { what: 'runs for ever', stuckIn: 'IN_PROGRESS' },
	slow: { what: 'takes three times as long', times: 3 },

	rateLimitedOnce: {
		what: 'the first create is refused with 429 and Retry-After: 1, the next is accepted',
		create: ['rateLimited'],
	},
	createAnswers500: {
		what: 'the create answers 500 and makes no task',
		create: ['error500'],
		everyCreate: true,
	},
	createAnswers502Html: {
		what: "the create answers with a gateway's HTML page and makes no task",
		create: ['htmlError502'],
		everyCreate: true,
	},
	createDropped: {
		what: 'the connection breaks during the create, and no task was made',
		create: ['drop'],
		everyCreate: true,
	},
	createAcceptedButDropped: {
		what: 'the connection breaks during the create, but the task was made (and is charged)',
		create: ['dropAfterAccept'],
		everyCreate: true,
	},
	// n8n itself sends a call that was answered 401 a second time.
	unauthorized: {
		what: 'the key is refused: 401',
		create: Array<Answer>(2).fill({ status: 401, body: { error: 'invalid_api_key' } }),
		everyCreate: true,
	},
	insufficientCredits: {
		what: 'no credits left: 402',
		create: [
			{
				status: 402,
				body: {
					status: { code: 402, message: 'Insufficient credits', error_code: 40201 },
					data: null,
				},
			},
		],
		everyCreate: true,
	},
	modelNotAllowed: {
		what: 'the model is not enabled for this key: 403',
		create: [{ status: 403, body: { detail: 'Model not allowed for this user' } }],
		everyCreate: true,
	},

	rateLimitedStatus: {
		what: 'the first two status reads are refused with 429 and Retry-After: 1',
		status: ({ count }) => (count <= 2 ? 'rateLimited' : undefined),
	},
	statusAnswers500Once: { what: 'the first status read answers 500', status: once('error500') },
	status502HtmlOnce: {
		what: "the first status read answers with a gateway's HTML page",
		status: once('htmlError502'),
	},
	statusMalformedOnce: {
		what: 'the first status read answers with JSON that breaks off',
		status: once('malformedJson'),
	},
	statusDroppedOnce: {
		what: 'the connection breaks during the first status read',
		status: once('drop'),
	},
	statusHangsOnce: {
		what: 'the first status read never gets an answer',
		status: once('hang'),
	},
	statusNotFoundAtFirst: {
		what: 'the first status read does not know the task yet: 404',
		status: once(notFound),
	},
	unknownStatusWord: {
		what: 'the first two status reads say WARMING_UP, which the contract does not know',
		status: (seen) =>
			seen.count <= 2
				? changed(seen, ({ request_id }) => ({ request_id, status: 'WARMING_UP' }))
				: undefined,
	},
	lowerCaseWords: {
		what: 'the status words come in lower case',
		status: (seen) =>
			changed(seen, (body) => ({ ...body, status: String(body.status).toLowerCase() })),
	},
	anotherRequestId: {
		what: "every status answer carries another task's request_id",
		status: (seen) => changed(seen, (body) => ({ ...body, request_id: 'mmsu_another' })),
	},

	completedButResult202: {
		what: 'the first two result calls after the end still answer 202',
		result: ({ count, task }) =>
			count <= 2
				? { status: 202, body: { request_id: task.id, status: 'IN_PROGRESS' } }
				: undefined,
	},
	olderOutputShape: {
		what: 'the result has the older shape output[].content[].url',
		result: (seen) =>
			changed(seen, ({ request_id, outputs = [] }) => ({
				request_id,
				status: 'COMPLETED',
				output: outputs.map(({ url }) => ({ content: [{ type: 'image', url }] })),
			})),
	},
	statusInResult: {
		what: 'the result says status COMPLETED beside its outputs',
		result: (seen) => changed(seen, (body) => ({ ...body, status: 'COMPLETED' })),
	},
	noStatusInResult: {
		what: 'the result is outputs alone: no status, no request_id, no metadata',
		result: (seen) => changed(seen, ({ outputs }) => ({ outputs: outputs! })),
	},
	missingFields: {
		what: 'the records of the result have nothing but a url',
		result: (seen) =>
			changed(seen, (body) => ({
				...body,
				outputs: body.outputs!.map(({ url }) => ({ url }) as never),
			})),
	},
	textRecordToo: {
		what: 'the first record of the result is a text, the images follow',
		result: (seen) =>
			changed(seen, (body) => ({
				...body,
				outputs: [{ type: 'text', text: 'Here you are.' }, ...body.outputs!],
			})),
	},
	noOutputs: {
		what: 'ends well, but the result has no outputs',
		result: (seen) => changed(seen, (body) => ({ ...body, outputs: [] })),
	},
	resultErrorDetail: {
		what: 'the status says COMPLETED without an error, the result answers 422 with a detail',
		result: always({ status: 422, body: { detail: 'The output was blocked' } }),
	},
	resultErrorIn200: {
		what: 'the status says COMPLETED without an error, the result is a 200 with one',
		result: (seen) =>
			changed(seen, ({ request_id }) => ({
				request_id,
				error: 'The output was blocked',
				error_type: 'CONTENT_BLOCKED',
			})),
	},

	imageGone: { what: 'the image server answers 404', image: always(missingAtCdn) },
	imageGoneOnce: {
		what: 'the image server answers 404 at the first download of each image',
		image: once(missingAtCdn),
	},
	tenthImageGone: {
		what: 'the image server answers 404 for the tenth image alone (make ten)',
		image: ({ index }) => (index === 9 ? missingAtCdn : undefined),
	},
	imageHtml: {
		what: 'the image server answers 200 with an HTML page',
		image: always(htmlPage),
	},
	imageEmpty: { what: 'the image server answers 200 with no bytes', image: always('empty') },
	imageTruncated: {
		what: 'the connection breaks in the middle of each image',
		image: always('truncate'),
	},
	imageTruncatedQuietly: {
		what: 'half of each image arrives, and Content-Length agrees with the half',
		image: always('truncateQuietly'),
	},
	imageDrips: {
		what: 'the image server sends each image one byte at a time',
		image: always('drip'),
	},
	imageHangs: { what: 'the image server never answers', image: always('hang') },
	imageWrongType: {
		what: 'the image server and the result both say image/png, the bytes are WebP',
		pictureFormat: 'webp',
		result: (seen) =>
			eachOutput(seen, (output) => ({
				...output,
				content_type: 'image/png',
				file_name: 'output.png',
			})),
		image: ({ answer }) => ({ ...answer, headers: { 'content-type': 'image/png' } }),
	},
	imageRedirect: {
		what: 'the image server redirects to another path of its own',
		image: ({ path }) =>
			path.startsWith('/moved/')
				? undefined
				: { status: 302, headers: { location: `/moved${path}` } },
	},
	imageRedirectForEver: {
		what: 'the image server redirects each image to itself',
		image: ({ path }) => ({ status: 302, headers: { location: path } }),
	},
	imageRedirectToFile: {
		what: 'the image server redirects to file:///etc/passwd',
		image: always({ status: 302, headers: { location: 'file:///etc/passwd' } }),
	},
	imageUrlFile: {
		what: 'the result gives file:///etc/passwd as the url of each image',
		result: (seen) => eachOutput(seen, (output) => ({ ...output, url: 'file:///etc/passwd' })),
	},
	imageUrlApi: {
		what: "the result gives urls on the API's own host, which must not see the key there either",
		result: (seen) =>
			eachOutput(seen, (output) => ({
				...output,
				url: `${new URL(seen.baseUrl).origin}${new URL(String(output.url)).pathname}`,
			})),
	},
	hostileFileName: {
		what: 'the result gives file names with a path, a line break and 500 characters',
		result: (seen) =>
			eachOutput(seen, (output) => ({
				...output,
				file_name: `../../x\n${'a'.repeat(500)}`,
			})),
	},

	alreadyCompletedAtCancel: {
		what: 'runs until it is cancelled, and has just ended well when the cancel arrives: 400',
		stuckIn: 'IN_PROGRESS',
		endsAtCancel: { how: 'succeeded' },
	},
	cancelIgnored: {
		what: 'the cancel is taken with 202, but the task still ends well',
		cancelIgnored: true,
	},
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export function scenarioOf(name: string | undefined): Partial<Scenario> {
	return name === undefined ? {} : SCENARIOS[name as ScenarioName];
}

/** The first scenario whose name stands in square brackets in the prompt. */
export function scenarioInPrompt(prompt: string): ScenarioName | undefined {
	for (const [, name] of prompt.matchAll(/\[(\w+)\]/g)) {
		if (Object.hasOwn(SCENARIOS, name!)) return name as ScenarioName;
	}
	return undefined;
}
