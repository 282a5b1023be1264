import { CredentialsHelper } from '../harness/credentials';
import type { Fault } from '../service/faults';
import { NEVER_SENT } from '../service/networkFaults';
import { refused, useSimulatedFixture } from './fixture';
import { expectFailure, MESSAGES, RESPONSES, runAnswered } from './cannedResponses';

/** A create that is refused, and one without a clear answer. A create is paid for: never sent twice. */

const fixture = useSimulatedFixture();

const NO_TASK = 'No task was created.';
const NOT_REPEATED = "The node doesn't create it again by itself, to avoid a double charge.";

const INVALID = 'SeaArt Cloud did not accept the parameters';
const CHECK_VALUES = "Check the values of this node's parameters.";

test.each<[keyof typeof RESPONSES, string, string]>([
	[400, INVALID, CHECK_VALUES],
	[401, 'SeaArt Cloud rejected the API key', "Open the 'SeaArt API' credential"],
	[402, 'your SeaArt Cloud balance is too low', 'Add credits to your SeaArt Cloud account'],
	[403, "this API key can't use GPT Image 1", "check that the key hasn't expired"],
	[404, 'there is no GPT Image 1 queue at this address', "Check 'Base URL' in the"],
	[422, INVALID, CHECK_VALUES],
])('%s: sent once', async (name, reason, advice) => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', RESPONSES[name]);
	const message = `Could not create the task: ${reason} (HTTP ${name}) [item 0]`;
	expectFailure(fixture, execution, message, advice, NO_TASK, MESSAGES[name]);
	expect(execution.error).toMatchObject({ httpCode: String(name) });
	expect([sent, others]).toEqual([1, []]);
	expect(execution.error?.description).not.toContain(NOT_REPEATED);
});

test.each<[string, Fault, string, string, object?]>([
	['500', RESPONSES[500], failed(500), MESSAGES[500], { httpCode: '500' }],
	['an HTML 502', 'htmlError502', failed(502), MESSAGES['an HTML 502'], { httpCode: '502' }],
	['malformed JSON', { status: 200, body: '{"id" 1}' }, 'the response could not be read', ''],
	['no request ID', { status: 200, body: { id: '../x' } }, 'the response could not be read', ''],
	['a broken connection', 'dropAfterAccept', 'the connection was lost', '(ECONNRESET)'],
	[
		'no response within two minutes',
		'hangAfterAccept',
		'there was no complete response within 120 seconds',
		'',
	],
])('%s: sent once, and a task may exist', async (_what, response, reason, details, more = {}) => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', response);
	const message = `Could not confirm the new task: ${reason}, so a task may exist [item 0]`;
	expectFailure(fixture, execution, message, NOT_REPEATED, details);
	expect(execution.error).toMatchObject(more);
	expect([sent, others]).toEqual([1, []]);
});

test.each(['truncate', 'truncateQuietly', 'stall', 'doubled'] as const)(
	'%s: the task is fetched, as its request ID has come',
	async (fault) => {
		const { execution, sent } = await runAnswered(fixture, 'generate', fault);
		expect(execution.status).toBe('success');
		expect(execution.items('Image')).toHaveLength(2);
		expect(sent).toBe(1);
	},
);

function failed(status: number) {
	return `SeaArt Cloud could not process the request (HTTP ${status})`;
}

test('no connection at all: repeated, and no task was created', async () => {
	const { execution, sent } = await runAnswered(fixture, 'generate', NEVER_SENT.refused);
	const message = 'Could not create the task: no connection to SeaArt Cloud [item 0]';
	expectFailure(fixture, execution, message, NO_TASK, '(ECONNREFUSED)');
	expect(sent).toBeGreaterThan(1);
});

test('429 twice: repeated until it is accepted', async () => {
	const { execution, sent } = await runAnswered(fixture, 'generate', RESPONSES[429], 2);
	expect(execution.status).toBe('success');
	expect(sent).toBe(3);
	// One is there from the start.
	expect(fixture.emulator.tasks.size).toBe(2);
});

test('429 every time: given up after ten minutes', async () => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', refused(250));
	const message = 'Could not create the task: rate limit reached (HTTP 429) [item 0]';
	const { description } = execution.error!;
	expectFailure(fixture, execution, message, "Lower 'Max Tasks in Flight'", 'says: "Too many"');
	expect(description).toContain("(For SeaArt's support: call gw_");
	expect([sent, others]).toEqual([3, []]);
});

test('a redirect is not followed', async () => {
	const headers = { location: `${fixture.emulator.imagesOrigin}/model` };
	const { execution, sent } = await runAnswered(fixture, 'generate', { status: 307, headers });
	expectFailure(
		fixture,
		execution,
		'Could not create the task: SeaArt Cloud redirects to another address (HTTP 307) [item 0]',
		'The API key is never sent to an address that a response names.',
	);
	expect(sent).toBe(1);
	expect(fixture.emulator.requests).toHaveLength(1);
});

test.each([119_000, 121_000])(
	'a credential that takes %i ms to read takes nothing from the time of the create',
	async (ms) => {
		const pause = async (forMs: number) =>
			await new Promise<void>((resolve) => setTimeout(resolve, forMs));
		const { getDecrypted } = CredentialsHelper.prototype;
		const reads = jest.spyOn(CredentialsHelper.prototype, 'getDecrypted');
		// n8n reads it first, for the base URL.
		reads.mockImplementation(async function (this: CredentialsHelper, ...given) {
			if (reads.mock.calls.length === 2) await pause(ms);
			return await getDecrypted.apply(this, given);
		});
		fixture.emulator.answerNext('create', { until: pause(ms + 60_000) });
		const execution = await fixture.run({ prompt: 'x', waitForCompletion: false });
		expect(execution.error?.message).toBeUndefined();
		expect(fixture.counts().creates).toBe(1);
	},
);
