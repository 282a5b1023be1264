import { useSimulatedFixture } from './fixture';

/** Values that are refused before anything is sent, for any item. */

const fixture = useSimulatedFixture();

const value = '={{ $json.value }}';
const options = (name: string) => ({ options: { [name]: value } });

const YES_OR_NO = 'must be true or false';
const REQUEST_ID = 'must be the ID of a task, or its status, result, or cancel URL';

/** The parameter and what is said of it, where the bad values stand, a good one, and the bad ones. */
const RULES: Array<[string, object, unknown, unknown[]]> = [
	["'Prompt' is empty", { prompt: value }, 'x', ['', ' \n ', null]],
	["'Prompt' must be text", { prompt: value }, 'x', [{}, ['an apple'], true]],
	[
		"'Number of Images' must be a whole number from 1 to 10",
		{ numberOfImages: value },
		5,
		[0, 11, 1.5, -1, 'two', '', null, true, [2], '0x2f', 'Infinity'],
	],
	["'User' must be text", options('user'), 'x', [{ id: 1 }, true]],
	[
		"'Timeout (Seconds)' must be a number of seconds from 1 to 86400",
		options('timeout'),
		5,
		[0, -5, 86_401, 'long', '', null],
	],
	[
		"'Poll Interval (Seconds)' must be 0 or a number of seconds from 0.5 to 3600",
		options('pollInterval'),
		5,
		[0.1, 4000, 'often'],
	],
	[
		"'On Timeout' must be one of cancel, fail, returnTask",
		options('onTimeout'),
		'fail',
		['retry', null],
	],
	[
		"'Return Images As' must be one of itemPerImage, singleItem",
		options('imageOutput'),
		'singleItem',
		['zip'],
	],
	[
		"'Max Tasks in Flight' must be a whole number from 1 to 100",
		options('maxTasksInFlight'),
		5,
		[0, 101, 'many'],
	],
	[
		"'Max Images per Run' must be a whole number of at least 0",
		options('maxImages'),
		5,
		[1.5, -1, 'many', null, true],
	],
	[`'Cancel on Stop' ${YES_OR_NO}`, options('cancelOnStop'), true, ['maybe', 1]],
	[`'Wait for Completion' ${YES_OR_NO}`, { waitForCompletion: value }, 'true', ['yes', null]],
	[`'Download Images' ${YES_OR_NO}`, { downloadImages: value }, 'false', ['yes']],
	[
		"'Put Output File in Field' must be the name of a field",
		{ binaryPropertyName: value },
		'file',
		[' ', '', 7, '__proto__', 'constructor', ' prototype '],
	],
	...['getStatus', 'getResult', 'cancel'].map((operation): (typeof RULES)[number] => [
		`'Request ID' ${REQUEST_ID}`,
		{ operation, requestId: value },
		'mmsu_1',
		['', 'a/../b?x', null, {}, 2 ** 53],
	]),
];

const CASES = RULES.flatMap(([rule, parameters, fine, values]) =>
	values.map((bad) => ({
		...{ rule, parameters, fine, bad },
		shown: bad === '' ? 'empty' : JSON.stringify(bad),
	})),
);

test.each(CASES)('$rule: $shown', async ({ parameters, fine, rule, bad, shown }) => {
	const items = [{ value: fine }, { value: bad }, { value: fine }];
	const execution = await fixture.run({ prompt: 'an apple', ...parameters }, { items });
	expect(execution.status).toBe('error');
	const { message, description } = execution.error!;
	expect(message).toBe(`${rule} [item 1]`);
	expect(description).toBe(
		`It is ${shown}. Correct the parameter, or the expression that fills it. Nothing was sent.`,
	);
	expect(fixture.requests()).toEqual([]);
});
