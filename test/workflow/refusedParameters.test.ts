import { useSimulatedFixture } from './fixture';

/** Values that are refused before anything is sent, for any item. */

const fixture = useSimulatedFixture();

const value = '={{ $json.value }}';
const prompt = 'an apple';
const option = (name: string) => ({ prompt, options: { [name]: value } });

const REQUEST_ID = "'Request ID' must be the ID of a task, or its status, result, or cancel URL";

/** The parameters, the value of the two items beside, what the message says, and the bad values. */
const RULES: Array<[object, unknown, string, unknown[]]> = [
	[{ prompt: value }, 'x', "'Prompt' is empty", ['', ' \n ', null]],
	[{ prompt: value }, 'x', "'Prompt' must be text", [{}, ['an apple'], true]],
	[
		{ prompt, numberOfImages: value },
		5,
		"'Number of Images' must be a whole number from 1 to 10",
		[0, 11, 1.5, -1, 'two', '', null, true, [2], '0x2f', 'Infinity'],
	],
	[option('user'), 'x', "'User' must be text", [{ id: 1 }, true]],
	[
		option('timeout'),
		5,
		"'Timeout (Seconds)' must be a number of seconds from 1 to 86400",
		[0, -5, 86_401, 'long', '', null],
	],
	[
		option('pollInterval'),
		5,
		"'Poll Interval (Seconds)' must be 0 or a number of seconds from 0.5 to 3600",
		[0.1, 4000, 'often'],
	],
	[
		option('onTimeout'),
		'fail',
		"'On Timeout' must be one of cancel, fail, returnTask",
		['retry', null],
	],
	[
		option('imageOutput'),
		'singleItem',
		"'Return Images As' must be one of itemPerImage, singleItem",
		['zip'],
	],
	[option('cancelOnStop'), true, "'Cancel on Stop' must be true or false", ['maybe', 1]],
	[
		option('maxTasksInFlight'),
		5,
		"'Max Tasks in Flight' must be a whole number from 1 to 100",
		[0, 101, 'many'],
	],
	[
		{ prompt, waitForCompletion: value },
		'true',
		"'Wait for Completion' must be true or false",
		['yes', null],
	],
	[{ prompt, downloadImages: value }, 'false', "'Download Images' must be true or false", ['yes']],
	[
		{ prompt, binaryPropertyName: value },
		'file',
		"'Put Output File in Field' must be the name of a field",
		[' ', '', 7, '__proto__', 'constructor', ' prototype '],
	],
	...['getStatus', 'getResult', 'cancel'].map((operation): (typeof RULES)[number] => [
		{ operation, requestId: value },
		'mmsu_1',
		REQUEST_ID,
		['', 'a/../b?x', null, {}, 2 ** 53],
	]),
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
	const items = [{ value: fine }, { value: bad }, { value: fine }] as never[];
	const execution = await fixture.run(parameters, { items });
	expect(execution.status).toBe('error');
	const { message, description } = execution.error!;
	expect(message).toBe(`${rule} [item 1]`);
	expect(description).toBe(
		`It is ${shown}. Correct the parameter, or the expression that fills it. Nothing was sent.`,
	);
	expect(fixture.emulator.requests).toEqual([]);
});

test('an expression that fails for one item: nothing is sent for any', async () => {
	const parameters = { prompt: '={{ $json.a.b.c }}' };
	const items = [{ a: { b: { c: 'an apple' } } }, {}, { a: { b: { c: 'a pear' } } }];
	const execution = await fixture.run(parameters, { items });
	expect(execution.status).toBe('error');
	expect(fixture.emulator.requests).toEqual([]);
});
