import { useBench } from './bench';

/** What is sent for each parameter, and what is refused before anything is sent. */

jest.mock('../../nodes/GptImage1/run/clock', () => jest.requireActual('./hastyClock'));

const bench = useBench();

/** Creates without waiting. @returns the body that arrived */
async function bodyFor(parameters: object, item: Record<string, unknown> = {}): Promise<unknown> {
	const execution = await bench.run(
		{ waitForCompletion: false, ...parameters },
		{ items: [item as never] },
	);
	expect(execution.error).toBeUndefined();
	expect(bench.emulator.requests).toHaveLength(1);
	return bench.emulator.requests[0]?.body;
}

test('the create is a POST of JSON with the key as a bearer token', async () => {
	await bodyFor({ prompt: 'a red apple' });
	const [create] = bench.emulator.requests;
	expect(create).toMatchObject({ method: 'POST', path: '/model/v1/queue/gpt_image_1' });
	expect(create?.headers).toMatchObject({
		authorization: `Bearer ${bench.emulator.key}`,
		'content-type': 'application/json',
		accept: 'application/json',
	});
});

test('what was left alone is not sent', async () => {
	expect(await bodyFor({ prompt: 'a red apple' })).toEqual({ prompt: 'a red apple' });
});

describe('each parameter by itself', () => {
	test.each([
		[{ numberOfImages: 3 }, { n: 3 }],
		[{ numberOfImages: 10 }, { n: 10 }],
		[{ size: '1024x1024' }, { size: '1024x1024' }],
		[{ size: '1024x1536' }, { size: '1024x1536' }],
		[{ size: '1536x1024' }, { size: '1536x1024' }],
		[{ quality: 'low' }, { quality: 'low' }],
		[{ quality: 'medium' }, { quality: 'medium' }],
		[{ quality: 'high' }, { quality: 'high' }],
		[{ options: { background: 'transparent' } }, { background: 'transparent' }],
		[{ options: { background: 'opaque' } }, { background: 'opaque' }],
		[{ options: { background: 'auto' } }, { background: 'auto' }],
		[{ options: { outputFormat: 'png' } }, { output_format: 'png' }],
		[{ options: { outputFormat: 'jpeg' } }, { output_format: 'jpeg' }],
		[{ options: { outputFormat: 'webp' } }, { output_format: 'webp' }],
		[{ options: { moderation: 'low' } }, { moderation: 'low' }],
		[{ options: { moderation: 'auto' } }, { moderation: 'auto' }],
		[{ options: { user: 'customer-4711' } }, { user: 'customer-4711' }],
		[
			{ options: { outputFormat: 'jpeg', outputCompression: 0 } },
			{ output_format: 'jpeg', output_compression: 0 },
		],
		[
			{ options: { outputFormat: 'webp', outputCompression: 100 } },
			{ output_format: 'webp', output_compression: 100 },
		],
	])('%j', async (parameters, body) => {
		expect(await bodyFor({ prompt: 'an apple', ...parameters })).toEqual({
			prompt: 'an apple',
			...body,
		});
	});

	test.each([
		{ imageOutput: 'singleItem' },
		{ timeout: 30 },
		{ onTimeout: 'cancel' },
		{ pollInterval: 5 },
		{ maxTasksInFlight: 3 },
		{ cancelOnStop: false },
	])('%j is for the node and is not sent', async (options) => {
		expect(await bodyFor({ prompt: 'an apple', options })).toEqual({ prompt: 'an apple' });
	});

	test.each([{ user: '' }, { outputCompression: '' }, { background: null }])(
		'%j, added and left empty, is not sent',
		async (options) => {
			expect(await bodyFor({ prompt: 'an apple', options })).toEqual({ prompt: 'an apple' });
		},
	);
});

test('all parameters together', async () => {
	const body = await bodyFor({
		prompt: 'an apple',
		numberOfImages: 2,
		size: '1024x1536',
		quality: 'high',
		options: {
			background: 'opaque',
			outputFormat: 'jpeg',
			outputCompression: 80,
			moderation: 'low',
			user: 'customer-4711',
		},
	});
	expect(body).toEqual({
		prompt: 'an apple',
		n: 2,
		size: '1024x1536',
		quality: 'high',
		background: 'opaque',
		output_format: 'jpeg',
		output_compression: 80,
		moderation: 'low',
		user: 'customer-4711',
	});
});

test('numbers that arrive as text are sent as numbers, text as text', async () => {
	const body = await bodyFor(
		{
			prompt: '={{ $json.prompt }}',
			numberOfImages: '={{ $json.n }}',
			options: { outputFormat: 'webp', outputCompression: '={{ $json.q }}', user: '={{ 17 }}' },
		},
		{ prompt: 2001, n: '3', q: ' 55 ' },
	);
	expect(body).toEqual({
		prompt: '2001',
		n: 3,
		output_format: 'webp',
		output_compression: 55,
		user: '17',
	});
});

describe('a prompt arrives unharmed', () => {
	test.each([
		['quotes', `He said "it's" \\ \`here\``],
		['line breaks and tabs', 'one\ntwo\r\nthree\tfour'],
		['emoji', '🍎 👩‍👩‍👧 e\u0301 \u{1F3F4}'],
		['what looks like an expression', '{{ $json.secret }} and {{ 1 + 1 }}'],
		['an equals sign at the start', '=a red apple'],
		['an expression after an equals sign', '={{ 1 + 1 }}'],
		['what looks like JSON', '{"prompt": "x"}'],
		['blanks at both ends', '  a red apple  '],
		['32000 characters', 'ä'.repeat(32_000)],
		['32000 emoji', '🍎'.repeat(32_000)],
	])('%s', async (_what, text) => {
		expect(await bodyFor({ prompt: '={{ $json.text }}' }, { text })).toEqual({ prompt: text });
	});

	test('typed in as it is', async () => {
		const prompt = 'He said "hm"\n🍎 \\n {{ not this }}';
		expect(await bodyFor({ prompt })).toEqual({ prompt });
	});
});

describe('refused before anything is sent, by any item', () => {
	const fromItem = '={{ $json.value }}';
	const prompt = 'an apple';
	const compression = { outputFormat: 'jpeg', outputCompression: fromItem };
	const sizes = 'auto, 1024x1024, 1024x1536, 1536x1024';
	const getStatus = { operation: 'getStatus', requestId: fromItem };

	/** Runs three items of which the second has the bad value. */
	async function refusal(parameters: object, fine: unknown, bad: unknown) {
		const items = [{ value: fine }, { value: bad }, { value: fine }] as never[];
		const execution = await bench.run(parameters, { items });
		expect(execution.status).toBe('error');
		expect(execution.error?.description).toBe(
			'Nothing was sent and nothing was paid for. Correct the parameter, or the expression that fills it.',
		);
		expect(bench.emulator.requests).toEqual([]);
		return execution.error?.message;
	}

	/** The parameters, a value that they take, what the message says, values that they refuse. */
	const RULES: Array<[object, unknown, string, unknown[]]> = [
		[{ prompt: fromItem }, 'x', "'Prompt' must say what the image shows", ['', ' \n ', null, {}]],
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
			"'Timeout' must be a number of seconds from 1 to 86400",
			[0, -5, 86_401, 'long', '', null],
		],
		[
			{ prompt, options: { pollInterval: fromItem } },
			5,
			"'Poll Interval' must be a number of seconds from 0.5 to 3600",
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
			"'Image Output' must be one of itemPerImage, singleItem",
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
			[' ', '', 7],
		],
		[
			getStatus,
			'mmsu_1',
			"'Request ID' must be the ID of a task, or its status, result or cancel URL",
			[
				...['', ' ', 'a/../b?x', '..', 'a b', 'a\nb', 'a%2f', '#', 'x'.repeat(60) + '/', null, {}],
				'https://x.y/v1/queue/gpt_image_1/requests/../status',
			],
		],
		[
			{ ...getStatus, operation: 'getResult' },
			'mmsu_1',
			"'Request ID' must be the ID of a task, or its status, result or cancel URL",
			['a/../b?x'],
		],
		[
			{ ...getStatus, operation: 'cancel' },
			'mmsu_1',
			"'Request ID' must be the ID of a task, or its status, result or cancel URL",
			['a/../b?x'],
		],
	];
	const CASES = RULES.flatMap(([parameters, fine, rule, values]) =>
		values.map((bad) => ({ parameters, fine, rule, bad, shown: JSON.stringify(bad) })),
	);

	test.each(CASES)('$rule: $shown', async ({ parameters, fine, rule, bad, shown }) => {
		const message = `The parameter ${rule}, but it is ${shown} [item 1]`;
		expect(await refusal(parameters, fine, bad)).toBe(message);
	});

	test('a prompt of 32001 characters', async () => {
		expect(await refusal({ prompt: fromItem }, 'fine', 'x'.repeat(32_001))).toBe(
			`The parameter 'Prompt' has 32001 characters; the service takes at most 32000, but it is "${'x'.repeat(76)}… [item 1]`,
		);
	});

	test('compression with png, chosen or by default', async () => {
		const options = { outputFormat: fromItem, outputCompression: 80 };
		const message =
			"The parameter 'Output Compression' needs the Output Format jpeg or webp; png is never compressed with loss, but it is 80 [item 1]";
		expect(await refusal({ prompt, options }, 'webp', 'png')).toBe(message);
		expect(await refusal({ prompt, options }, 'webp', '')).toBe(message);
	});

	test('transparent background with jpeg', async () => {
		const options = { outputFormat: fromItem, background: 'transparent' };
		expect(await refusal({ prompt, options }, 'webp', 'jpeg')).toBe(
			'The parameter \'Background\' needs the Output Format png or webp, but it is "transparent" [item 1]',
		);
	});

	test('an expression that fails', async () => {
		const execution = await bench.run(
			{ prompt: '={{ $json.a.b.c }}' },
			{ items: [{ a: { b: { c: 'an apple' } } }, {}, { a: { b: { c: 'a pear' } } }] },
		);
		expect(execution.status).toBe('error');
		expect(bench.emulator.requests).toEqual([]);
	});
});

describe('the request id', () => {
	const known = () => bench.emulator.addTask().id;
	const url = (base: string, id: string, last: string) =>
		`${base}/v1/queue/gpt_image_1/requests/${id}${last}`;

	test.each<[string, (id: string) => string]>([
		['bare, with blanks around it', (id) => `  ${id}\n`],
		['in a status URL', (id) => url('https://cloud.seaart.ai/model', id, '/status')],
		['in a result URL of another host', (id) => url('https://evil.example/x', id, '/response')],
		['in a cancel URL', (id) => url('http://localhost:1/model', id, '/cancel?x=1#y')],
		['in a URL without a last part', (id) => url('https://cloud.seaart.ai/model', id, '/')],
	])('%s', async (_how, given) => {
		const id = known();
		const execution = await bench.run({ operation: 'getStatus', requestId: given(id) });
		expect(execution.rows('Image')[0]?.json.request_id).toBe(id);
		expect(bench.emulator.requests).toMatchObject([
			{ method: 'GET', path: `/model/v1/queue/gpt_image_1/requests/${id}/status` },
		]);
	});

	test('is encoded', async () => {
		await bench.run({ operation: 'cancel', requestId: 'a&b=ü;c' });
		expect(bench.emulator.requests).toMatchObject([
			{
				method: 'PUT',
				path: '/model/v1/queue/gpt_image_1/requests/a%26b%3D%C3%BC%3Bc/cancel',
			},
		]);
	});

	test('may be a number', async () => {
		await bench.run({ operation: 'getResult', requestId: '={{ 4711 }}' });
		expect(bench.emulator.requests[0]?.path).toContain('/requests/4711/response');
	});
});

test('a base URL with a slash at its end', async () => {
	const credential = { ...bench.credential, baseUrl: `${bench.emulator.baseUrl}/` };
	const execution = await bench.run({ prompt: 'x', waitForCompletion: false }, { credential });
	expect(execution.error).toBeUndefined();
	expect(bench.emulator.requests[0]?.path).toBe('/model/v1/queue/gpt_image_1');
});

test('the calls that follow a create carry no body and the same key', async () => {
	await bench.run({ prompt: 'x' });
	const [, ...later] = bench.emulator.requests.filter(({ port }) => port === 'api');
	expect(later.map(({ method, body }) => [method, body])).toEqual(
		later.map(() => ['GET', undefined]),
	);
	expect(later.every(({ headers }) => headers.authorization?.startsWith('Bearer '))).toBe(true);
});
