/** The body of a create as the contract lists it: the body is the parameter object itself. */
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

/** One refused parameter, as the `detail` list of a 422 carries it. */
export type Refusal = { loc: string[]; msg: string };

type Check = (value: unknown) => string | undefined;

const oneOf =
	(...words: string[]): Check =>
	(value) =>
		words.includes(value as string) ? undefined : `Input should be ${words.join(', ')}`;

const integer =
	(least: number, most: number): Check =>
	(value) =>
		Number.isInteger(value) && (value as number) >= least && (value as number) <= most
			? undefined
			: `Input should be an integer from ${least} to ${most}`;

const PROMPT_LIMIT = 32000;

const CHECKS: Record<keyof Parameters, Check> = {
	// The contract names no least length; an empty prompt counts as a missing one here.
	prompt: (value) => {
		if (typeof value !== 'string' || value === '') return 'Input should be a non-empty string';
		return [...value].length > PROMPT_LIMIT
			? `String should have at most ${PROMPT_LIMIT} characters`
			: undefined;
	},
	n: integer(1, 10),
	size: oneOf('1024x1024', '1024x1536', '1536x1024', 'auto'),
	quality: oneOf('low', 'medium', 'high', 'auto'),
	background: oneOf('transparent', 'opaque', 'auto'),
	output_format: oneOf('png', 'jpeg', 'webp'),
	output_compression: integer(0, 100),
	moderation: oneOf('auto', 'low'),
	user: (value) => (typeof value === 'string' ? undefined : 'Input should be a string'),
};

/**
 * Everything that the contract refuses in the body of a create; an empty list means accepted.
 * Stricter than the service may be: a field that it does not know is refused too, so that a
 * misspelt one cannot pass unseen.
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
		if (!Object.hasOwn(CHECKS, field)) {
			refuse(field, 'Extra inputs are not permitted');
			continue;
		}
		const msg = CHECKS[field as keyof Parameters](value);
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

/** The parameters of an accepted body, the contract's defaults filled in. */
export function withDefaults(body: Partial<Parameters> & { prompt: string }): Parameters {
	return {
		n: 1,
		size: 'auto',
		quality: 'auto',
		background: 'auto',
		output_format: 'png',
		output_compression: 100,
		moderation: 'auto',
		...body,
	};
}
