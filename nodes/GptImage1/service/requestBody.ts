import type { IDataObject } from 'n8n-workflow';
import { invalidParameter } from '../errors/parameters';

/**
 * What the service accepts in a create, checked before anything is sent: n8n enforces neither option
 * lists nor number ranges, and an expression can yield anything.
 */

export const SIZES = ['auto', '1024x1024', '1024x1536', '1536x1024'] as const;
export const QUALITIES = ['auto', 'high', 'low', 'medium'] as const;
export const BACKGROUNDS = ['auto', 'opaque', 'transparent'] as const;
export const OUTPUT_FORMATS = ['jpeg', 'png', 'webp'] as const;
export const MODERATIONS = ['auto', 'low'] as const;

/** The service's limit, in characters. */
const MAX_PROMPT = 32_000;

type Field = {
	/** The parameter's name as the user sees it. */
	parameter: string;
	/** What the service takes when the field is not sent; such a value is left out. */
	byDefault?: string | number;
	check: (value: unknown, parameter: string) => string | number;
	/** False where tasks that differ in nothing else are expected to take the same time. */
	affectsDuration?: false;
};

const oneOf =
	(options: readonly string[]): Field['check'] =>
	(value, parameter) => {
		if (typeof value === 'string' && options.includes(value)) return value;
		throw invalidParameter(parameter, value, `must be one of ${options.join(', ')}`);
	};

/** A whole number; one that arrives as a numeric string is taken as the number. */
export const wholeNumber =
	(min: number, max: number): Field['check'] =>
	(value, parameter) => {
		const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
		if (Number.isInteger(given) && Number(given) >= min && Number(given) <= max) {
			return Number(given);
		}
		const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
		throw invalidParameter(parameter, value, `must be a whole number ${range}`);
	};

const anyText: Field['check'] = (value, parameter) => {
	if (typeof value === 'string' || Number.isFinite(value)) return String(value);
	throw invalidParameter(parameter, value, 'must be text');
};

const promptText: Field['check'] = (given, parameter) => {
	const value = anyText(given ?? '', parameter) as string;
	if (value.trim() === '') throw invalidParameter(parameter, given, 'is empty');
	// As people count: an emoji is one character, not the two units that JavaScript keeps.
	const { length } = [...value];
	if (length <= MAX_PROMPT) return value;
	throw invalidParameter(
		parameter,
		value,
		`has ${length} characters; the maximum is ${MAX_PROMPT}`,
	);
};

/** Every field of the create's body, in the order in which it is sent. */
const FIELDS: Record<string, Field> = {
	prompt: { parameter: 'Prompt', check: promptText, affectsDuration: false },
	n: { parameter: 'Number of Images', byDefault: 1, check: wholeNumber(1, 10) },
	size: { parameter: 'Size', byDefault: 'auto', check: oneOf(SIZES) },
	quality: { parameter: 'Quality', byDefault: 'auto', check: oneOf(QUALITIES) },
	background: { parameter: 'Background', check: oneOf(BACKGROUNDS) },
	output_format: { parameter: 'Output Format', check: oneOf(OUTPUT_FORMATS) },
	output_compression: {
		parameter: 'Output Compression',
		byDefault: 100,
		check: wholeNumber(0, 100),
	},
	moderation: { parameter: 'Moderation', check: oneOf(MODERATIONS) },
	user: { parameter: 'User', check: anyText, affectsDuration: false },
};

/** An option that was added and left empty is as good as not added; a field in plain sight is not. */
const isLeftEmpty = (value: unknown, name: string) =>
	(value === undefined || value === null || value === '') &&
	!['prompt', 'n', 'size', 'quality'].includes(name);

/**
 * The body that is sent: what the routing put together, with numbers as numbers, without what was
 * left at the service's default and without empty options.
 *
 * @throws TaskError that names the parameter and its value
 */
export function createBody(built: IDataObject): IDataObject {
	const body: IDataObject = {};
	for (const [name, { parameter, byDefault, check }] of Object.entries(FIELDS)) {
		const given = built[name];
		if (isLeftEmpty(given, name)) continue;
		const value = check(given, parameter);
		if (value !== byDefault) body[name] = value;
	}
	const { background, output_format: format = 'png' } = body;
	if (background === 'transparent' && format === 'jpeg') {
		throw invalidParameter('Background', background, "needs 'Output Format' PNG or WebP");
	}
	// A PNG has no quality to set, and the service refuses the field beside it.
	if (format === 'png') delete body.output_compression;
	return body;
}

/** How many images a create asks for. */
export const imagesIn = ({ n = 1 }: IDataObject) => Number(n);

/** What tells tasks apart that are expected to take different times. */
export function durationKind(body: IDataObject): string {
	const fields = Object.entries(body).filter(([name]) => FIELDS[name]?.affectsDuration !== false);
	return JSON.stringify(fields);
}
