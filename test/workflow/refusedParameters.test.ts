import { useSimulatedFixture } from './fixture';

/** Values that are refused before anything is sent, for any item. */

const fixture = useSimulatedFixture();

const value = '={{ $json.value }}';
const option = (name: string) => ({ options: { [name]: value } });

/** The parameter, where its values stand, a good one, and the bad ones. */
const VALUES: Array<[string, object, unknown, unknown[]]> = [
	['Prompt', { prompt: value }, 'x', ['', ' \n ', null, {}, ['an apple'], true]],
	['Number of Images', { numberOfImages: value }, 5, [0, 11, 1.5, 'two', '', null, '0x2f']],
	['User', option('user'), 'x', [{ id: 1 }, true]],
	['Timeout (Seconds)', option('timeout'), 5, [0, 86_401, 'long', '', null]],
	['Poll Interval (Seconds)', option('pollInterval'), 5, [0.1, 4000, 'often']],
	['On Timeout', option('onTimeout'), 'fail', ['retry', null]],
	['Return Images As', option('imageOutput'), 'singleItem', ['zip']],
	['Max Tasks in Flight', option('maxTasksInFlight'), 5, [0, 101, 'many']],
	['Max Images per Run', option('maxImages'), 5, [1.5, -1, 'many', null, true]],
	['Cancel on Stop', option('cancelOnStop'), true, ['maybe', 1]],
	['Wait for Completion', { waitForCompletion: value }, 'true', ['yes', null]],
	['Download Images', { downloadImages: value }, 'false', ['yes']],
	[
		...(['Put Output File in Field', { binaryPropertyName: value }, 'file'] as const),
		[' ', '', 7, '__proto__', 'constructor', ' prototype '],
	],
	['Request ID', { operation: 'getStatus', requestId: value }, 'mmsu_1', ['', 'a/../b?x', null]],
	['Request ID', { operation: 'getResult', requestId: value }, 'mmsu_1', [{}]],
	['Request ID', { operation: 'cancel', requestId: value }, 'mmsu_1', [2 ** 53]],
];

const CASES = VALUES.flatMap(([name, parameters, fine, values]) =>
	values.map((bad) => ({ name, bad, fine, parameters })),
);

test.each(CASES)("'$name' is refused: $bad", async ({ name, bad, fine, parameters }) => {
	const items = [{ value: fine }, { value: bad }, { value: fine }];
	const execution = await fixture.run({ prompt: 'an apple', ...parameters }, { items });
	const message = expect.stringMatching(/^'[^']+' (must be|is empty).* \[item 1\]$/);
	const shown = bad === '' ? 'empty' : JSON.stringify(bad);
	const advice = 'Correct the parameter, or the expression that fills it. Nothing was sent.';
	fixture.expectError(execution, message, `It is ${shown}. ${advice}`);
	expect(execution.error?.message).toContain(`'${name}'`);
	expect(fixture.requests()).toEqual([]);
});
