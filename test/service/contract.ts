/** What the service takes: its calls, and the body of a create. A change of the contract begins here. */

export type Call = 'create' | 'status' | 'result' | 'cancel' | 'image';

export const APP = 'gpt_image_1';
const QUEUE = '/v1/queue/';

/** The calls on one task: last part of the path, and the only method that it takes. */
const TASK_CALLS: Record<string, { call: Call; method: string }> = {
	status: { call: 'status', method: 'GET' },
	response: { call: 'result', method: 'GET' },
	cancel: { call: 'cancel', method: 'PUT' },
};

export type Route = { call?: Call; app?: string; id?: string; method?: string };

/** Which call a path below the base URL belongs to. */
export function routeOf(path: string): Route {
	if (!path.startsWith(QUEUE)) return {};
	const [app, requests, id, last = '', ...more] = path.slice(QUEUE.length).split('/');
	if (requests === undefined) return { app, call: 'create', method: 'POST' };
	const known = requests === 'requests' && more.length === 0 ? TASK_CALLS[last] : undefined;
	return known ? { app, id, ...known } : {};
}

/** The body of a create: the parameter object itself. */
export type Parameters = {
	prompt: string;
	n: number;
	size: string;
	quality: string;
	background: string;
	output_format: 'png' | 'jpeg' | 'webp';
	output_compression: number;
	moderation: string;
	user?: string;
};

/** What is wrong with a value, if anything. */
type Check = (value: unknown) => string | undefined;

const oneOf =
	(...words: string[]): Check =>
	(value) =>
		words.includes(value as string) ? undefined : `Input should be ${words.join(', ')}`;

const integer =
	(min: number, max: number): Check =>
	(value) =>
		Number.isInteger(value) && (value as number) >= min && (value as number) <= max
			? undefined
			: `Input should be an integer from ${min} to ${max}`;

const text: Check = (value) => (typeof value === 'string' ? undefined : 'Input should be a string');

const MAX_PROMPT = 32_000;

/** The contract names no least length; an empty prompt counts as a missing one here. */
const prompt: Check = (value) => {
	if (typeof value !== 'string' || value === '') return 'Input should be a non-empty string';
	return [...value].length > MAX_PROMPT
		? `String should have at most ${MAX_PROMPT} characters`
		: undefined;
};

/** Every field with its check, and what it is where it is not sent. */
const FIELDS: Record<keyof Parameters, [Check, (string | number)?]> = {
	prompt: [prompt],
	n: [integer(1, 10), 1],
	size: [oneOf('1024x1024', '1024x1536', '1536x1024', 'auto'), 'auto'],
	quality: [oneOf('low', 'medium', 'high', 'auto'), 'auto'],
	background: [oneOf('transparent', 'opaque', 'auto'), 'auto'],
	output_format: [oneOf('png', 'jpeg', 'webp'), 'png'],
	output_compression: [integer(0, 100), 100],
	moderation: [oneOf('auto', 'low'), 'auto'],
	user: [text],
};

/** One refused parameter, as the `detail` list of a 422 carries it. */
export type Refusal = { loc: string[]; msg: string };

/**
 * Everything that is refused in the body of a create; an empty list means accepted. Stricter than the
 * service may be: an unknown field is refused too, so that a misspelt one cannot pass unseen.
 */
export function refusals(body: unknown): Refusal[] {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		return [{ loc: ['body'], msg: 'Input should be a JSON object' }];
	}
	const sent = body as Record<string, unknown>;
	const found: Refusal[] = [];
	const refuse = (field: string, msg: string) => found.push({ loc: ['body', field], msg });

	if (!('prompt' in sent)) refuse('prompt', 'Field required');
	for (const [field, value] of Object.entries(sent)) {
		const msg = Object.hasOwn(FIELDS, field)
			? FIELDS[field as keyof Parameters][0](value)
			: 'Extra inputs are not permitted';
		if (msg) refuse(field, msg);
	}
	const format = sent.output_format ?? 'png';
	if (sent.background === 'transparent' && format === 'jpeg') {
		refuse('background', 'transparent needs output_format png or webp');
	}
	if ('output_compression' in sent && format === 'png') {
		refuse('output_compression', 'only with output_format jpeg or webp');
	}
	return found;
}

/** The parameters of an accepted body, with the defaults of what it leaves out. */
export function withDefaults(body: Partial<Parameters> & { prompt: string }): Parameters {
	const defaults = Object.entries(FIELDS)
		.filter(([, [, byDefault]]) => byDefault !== undefined)
		.map(([field, [, byDefault]]) => [field, byDefault]);
	return { ...(Object.fromEntries(defaults) as Parameters), ...body };
}
