import type { Answer, OutputRecord, ResultBody } from './responses';

/**
 * Other shapes of the true answers: within what the contract leaves open, and a little beyond it.
 * Scenarios play them by name, simulations by chance.
 */

export type Variation = (answer: Answer) => Answer;

/** The body changed; a body that is no object is left alone. */
const body =
	(change: (body: ResultBody) => object): Variation =>
	(answer) =>
		typeof answer.body === 'object'
			? { ...answer, body: change(answer.body as ResultBody) }
			: answer;

/** Only results: they have records. */
const result = (change: (body: ResultBody & { outputs: OutputRecord[] }) => object): Variation =>
	body((given) => (given.outputs ? change({ ...given, outputs: given.outputs }) : given));

/** Each record of a result changed; whatever else is answered is left alone. */
export const records = (change: (record: OutputRecord) => OutputRecord): Variation =>
	result(({ outputs, ...rest }) => ({ ...rest, outputs: outputs.map(change) }));

/** Other status words; a word that is not listed stays. */
export const words = (others: Record<string, string>): Variation =>
	body(({ status, ...rest }) => ({
		...rest,
		...(status !== undefined && { status: others[String(status)] ?? status }),
	}));

export const anonymous: Variation = body(({ request_id: _, ...rest }) => rest);

export const anotherTask: Variation = body((given) => ({ ...given, request_id: 'mmsu_another' }));

/** What the service says in words, with more in it. */
export const said = (say: (text: string) => string): Variation =>
	body(({ logs, metadata, ...rest }) => ({
		...rest,
		...(logs !== undefined && { logs: [{ message: say('working'), timestamp: 'now' }] }),
		...(metadata !== undefined && { metadata: { ...(metadata as object), note: say('seed 7') } }),
	}));

export const RESULTS = {
	older: result(({ request_id, outputs }) => ({
		request_id,
		status: 'COMPLETED',
		output: outputs.map(({ url }) => ({ content: [{ type: 'image', url }] })),
	})),
	urlsAlone: records(({ url }) => ({ url })),
	withText: result(({ outputs: images, ...rest }) => {
		return { ...rest, outputs: [{ type: 'text', text: 'Here you are.' }, ...images] };
	}),
	hostileNames: records((one) => {
		return { ...one, file_name: `../../etc/${'a'.repeat(500)}\r\nSet-Cookie: a=b;.exe` };
	}),
	claimsPng: records((one) => ({ ...one, content_type: 'image/png', file_name: 'output.png' })),
	empty: result((given) => ({ ...given, outputs: [] })),
	refused: () => ({ status: 422, body: { detail: 'The output was blocked' } }),
	failed: result(({ request_id }) => {
		return { request_id, error: 'The output was blocked', error_type: 'CONTENT_BLOCKED' };
	}),
} satisfies Record<string, Variation>;
