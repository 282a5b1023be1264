import { useSimulatedFixture } from './fixture';

/** Values that are refused before anything is sent, for any item. */

const fixture = useSimulatedFixture();

const fromItem = '={{ $json.value }}';
const prompt = 'an apple';
const compression = { outputFormat: 'jpeg', outputCompression: fromItem };
const sizes = 'auto, 1024x1024, 1024x1536, 1536x1024';
const getStatus = { operation: 'getStatus', requestId: fromItem };

/** Runs three items of which the second has the bad value. @returns what the error says */
async function refusal(parameters: object, fine: unknown, bad: unknown) {
	const items = [{ value: fine }, { value: bad }, { value: fine }] as never[];
	const execution = await fixture.run(parameters, { items });
	expect(execution.status).toBe('error');
	expect(execution.error?.description).toContain(
		'Correct the parameter, or the expression that fills it. Nothing was sent.',
	);
	expect(fixture.emulator.requests).toEqual([]);
	const { message, description } = execution.error!;
	return `${message}. ${description!.split(' Correct ')[0]}`;
}

/** The parameters, a value that they take, what the message says, values that they refuse. */
const RULES: Array<[object, unknown, string, unknown[]]> = [
	[{ prompt: fromItem }, 'x', "'Prompt' is empty", ['', ' \n ', null]],
	[{ prompt: fromItem }, 'x', "'Prompt' must be text", [{}, ['an apple'], true]],
	[
		{ prompt, numberOfImages: fromItem },
		5,
		"'Number of Images' must be a whole number from 1 to 10",
		[0, 11, 1.5, -1, 'two', '', null, true, [2], '0x2f', 'Infinity'],
	],
	[{ prompt, size: fromItem }, 'auto', `'Size' must be one of ${sizes}`, ['512x512', '', 1024]],
	[
		{ prompt, quality: fromItem },
		'low',
		"'Quality' must be one of auto, high, low, medium",
		['HIGH', '', null],
	],
	[
		{ prompt, options: { background: fromItem } },
		'opaque',
		"'Background' must be one of auto, opaque, transparent",
		['white', 0],
	],
	[
		{ prompt, options: { outputFormat: fromItem } },
		'webp',
		"'Output Format' must be one of jpeg, png, webp",
		['gif', 'jpg'],
	],
	[
		{ prompt, options: compression },
		5,
		"'Output Compression' must be a whole number from 0 to 100",
		[-1, 101, 50.5, 'most'],
	],
	[
		{ prompt, options: { moderation: fromItem } },
		'low',
		"'Moderation' must be one of auto, low",
		['off', true],
	],
	[{ prompt, options: { user: fromItem } }, 'x', "'User' must be text", [{ id: 1 }, true]],
	[
		{ prompt, options: { timeout: fromItem } },
		5,
		"'Timeout (Seconds)' must be a number of seconds from 1 to 86400",
		[0, -5, 86_401, 'long', '', null],
	],
	[
		{ prompt, options: { pollInterval: fromItem } },
		5,
		"'Poll Interval (Seconds)' must be 0 or a number of seconds from 0.5 to 3600",
		[0.1, 4000, 'often'],
	],
	[
		{ prompt, options: { onTimeout: fromItem } },
		'fail',
		"'On Timeout' must be one of cancel, fail, returnTask",
		['retry', null],
	],
	[
		{ prompt, options: { imageOutput: fromItem } },
		'singleItem',
		"'Return Images As' must be one of itemPerImage, singleItem",
		['zip'],
	],
	[
		{ prompt, options: { cancelOnStop: fromItem } },
		true,
		"'Cancel on Stop' must be true or false",
		['maybe', 1],
	],
	[
		{ prompt, options: { maxTasksInFlight: fromItem } },
		5,
		"'Max Tasks in Flight' must be a whole number from 1 to 100",
		[0, 101, 'many'],
	],
	[
		{ prompt, waitForCompletion: fromItem },
		'true',
		"'Wait for Completion' must be true or false",
		['yes', null],
	],
	[
		{ prompt, downloadImages: fromItem },
		'false',
		"'Download Images' must be true or false",
		['yes'],
	],
	[
		{ prompt, binaryPropertyName: fromItem },
		'file',
		"'Put Output File in Field' must be the name of a field",
		[' ', '', 7, '__proto__', 'constructor', ' prototype '],
	],
	[
		getStatus,
		'mmsu_1',
		"'Request ID' must be the ID of a task, or its status, result, or cancel URL",
		[
			...['', ' ', 'a/../b?x', '..', 'a b', 'a\nb', 'a%2f', '#', 'x'.repeat(60) + '/', null, {}],
			'https://x.y/v1/queue/gpt_image_1/requests/../status',
			2 ** 53,
		],
	],
	[
		{ ...getStatus, operation: 'getResult' },
		'mmsu_1',
		"'Request ID' must be the ID of a task, or its status, result, or cancel URL",
		['a/../b?x'],
	],
	[
		{ ...getStatus, operation: 'cancel' },
		'mmsu_1',
		"'Request ID' must be the ID of a task, or its status, result, or cancel URL",
		['a/../b?x'],
	],
];
const CASES = RULES.flatMap(([parameters, fine, rule, values]) =>
	values.map((bad) => ({
		parameters,
		fine,
		rule,
		bad,
		shown: bad === '' ? 'empty' : JSON.stringify(bad),
	})),
);

test.each(CASES)('$rule: $shown', async ({ parameters, fine, rule, bad, shown }) => {
	const message = await refusal(parameters, fine, bad);
	expect(message).toBe(`${rule} [item 1]. It is ${shown}.`);
});

test('a prompt of 32001 characters is refused, with the maximum', async () => {
	expect(await refusal({ prompt: fromItem }, 'fine', 'x'.repeat(32_001))).toBe(
		`'Prompt' has 32001 characters; the maximum is 32000 [item 1]. It is "${'x'.repeat(76)}….`,
	);
});

test('a transparent background is refused for JPEG', async () => {
	const options = { outputFormat: fromItem, background: 'transparent' };
	expect(await refusal({ prompt, options }, 'webp', 'jpeg')).toBe(
		`'Background' needs 'Output Format' PNG or WebP [item 1]. It is "transparent".`,
	);
});

test('an expression that fails for one item: nothing is sent for any', async () => {
	const execution = await fixture.run(
		{ prompt: '={{ $json.a.b.c }}' },
		{ items: [{ a: { b: { c: 'an apple' } } }, {}, { a: { b: { c: 'a pear' } } }] },
	);
	expect(execution.status).toBe('error');
	expect(fixture.emulator.requests).toEqual([]);
});
