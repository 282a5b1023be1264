import { CredentialsHelper } from '../harness/credentials';
import { NEVER_SENT } from '../service/networkFaults';
import { useSimulatedFixture } from './fixture';
import { expectFailure, mayExist, MESSAGES, NOT_REPEATED } from './cannedResponses';
import { RESPONSES, runAnswered } from './cannedResponses';
import type { ResponseName } from './cannedResponses';

/** A create that is refused, and one without a clear answer. A create is paid for: never sent twice. */

const fixture = useSimulatedFixture();

const REFUSED: Array<[ResponseName, string, string]> = [
	[
		400,
		'SeaArt Cloud did not accept the parameters',
		"Check the values of this node's parameters.",
	],
	[401, 'SeaArt Cloud rejected the API key', "Open the 'SeaArt API' credential"],
	[402, 'your SeaArt Cloud balance is too low', 'Add credits to your SeaArt Cloud account'],
	[403, "this API key can't use GPT Image 1", "check that the key hasn't expired"],
	[404, 'there is no GPT Image 1 queue at this address', "Check 'Base URL' in the"],
	[
		422,
		'SeaArt Cloud did not accept the parameters',
		"Check the values of this node's parameters.",
	],
];

test.each(REFUSED)('%s: sent once', async (name, reason, advice) => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', RESPONSES[name]);
	const message = `Could not create the task: ${reason} (HTTP ${name}) [item 0]`;
	expectFailure(fixture, execution, message, advice, 'No task was created.', MESSAGES[name]);
	expect(execution.error).toMatchObject({ httpCode: String(name) });
	expect([sent, others]).toEqual([1, []]);
	expect(execution.error?.description).not.toContain(NOT_REPEATED);
});

test.each<[ResponseName, string]>([
	[500, '500'],
	['an HTML 502', '502'],
])('%s: sent once, and a task may exist', async (name, httpCode) => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', RESPONSES[name]);
	const message = mayExist(`SeaArt Cloud could not process the request (HTTP ${httpCode})`);
	expectFailure(fixture, execution, message, NOT_REPEATED, MESSAGES[name]);
	expect(execution.error).toMatchObject({ httpCode });
	expect([sent, others]).toEqual([1, []]);
});

test('no connection at all: repeated, and no task was created', async () => {
	const { execution, sent } = await runAnswered(fixture, 'generate', NEVER_SENT.refused);
	const message = 'Could not create the task: no connection to SeaArt Cloud [item 0]';
	expectFailure(fixture, execution, message, 'No task was created.', '(ECONNREFUSED)');
	expect(sent).toBeGreaterThan(1);
});

test('malformed JSON: sent once, and a task may exist', async () => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', 'truncateQuietly');
	expectFailure(fixture, execution, mayExist('the response could not be read'), NOT_REPEATED);
	expect([sent, others]).toEqual([1, []]);
});

test('200 without a request ID: sent once, and a task may exist', async () => {
	const response = { status: 200, body: { id: '../x' } };
	const { execution, sent } = await runAnswered(fixture, 'generate', response);
	expectFailure(fixture, execution, mayExist('the response could not be read'));
	expect(sent).toBe(1);
});

test('429 twice: repeated until it is accepted', async () => {
	const { execution, sent } = await runAnswered(fixture, 'generate', RESPONSES[429], 2);
	expect(execution.status).toBe('success');
	expect(execution.rows('Image')).toHaveLength(2);
	expect(sent).toBe(3);
	// One task that the test itself has made, one that the node has.
	expect(fixture.emulator.tasks.size).toBe(2);
});

test('429 every time: given up after ten minutes', async () => {
	const response = { ...RESPONSES[429], headers: { 'retry-after': '250' } };
	const { execution, sent, others } = await runAnswered(fixture, 'generate', response);
	expectFailure(
		fixture,
		execution,
		'Could not create the task: rate limit reached (HTTP 429) [item 0]',
		"Lower 'Max Tasks in Flight'",
		MESSAGES[429],
	);
	expect([sent, others]).toEqual([3, []]);
});

test('a connection that breaks: sent once, and a task may exist', async () => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', 'dropAfterAccept');
	const message = mayExist('the connection was lost');
	expectFailure(fixture, execution, message, NOT_REPEATED, '(ECONNRESET)');
	expect([sent, others]).toEqual([1, []]);
});

test('no response within two minutes: sent once, and a task may exist', async () => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', 'hangAfterAccept');
	const message = mayExist('there was no complete response within 120 seconds');
	expectFailure(fixture, execution, message, NOT_REPEATED);
	expect([sent, others]).toEqual([1, []]);
});

test('a redirect is not followed', async () => {
	const { execution, sent, others } = await runAnswered(fixture, 'generate', {
		status: 307,
		headers: { location: `${fixture.emulator.imagesOrigin}/model` },
	});
	expectFailure(
		fixture,
		execution,
		'Could not create the task: SeaArt Cloud redirects to another address (HTTP 307) [item 0]',
		'The API key is never sent to an address that a response names.',
	);
	expect([sent, others]).toEqual([1, []]);
	expect(fixture.emulator.requests).toHaveLength(1);
});

test.each([119_000, 121_000])(
	'a credential that takes %i ms to read takes nothing from the time of the create',
	async (ms) => {
		const pause = async () => await new Promise((resolve) => setTimeout(resolve, ms));
		const { getDecrypted } = CredentialsHelper.prototype;
		const reads = jest.spyOn(CredentialsHelper.prototype, 'getDecrypted');
		// n8n reads it first, for the base URL.
		reads.mockImplementation(async function (this: CredentialsHelper, ...given) {
			if (reads.mock.calls.length === 2) await pause();
			return await getDecrypted.apply(this, given);
		});
		try {
			const answered = new Promise<void>((resolve) => setTimeout(resolve, ms + 60_000));
			fixture.emulator.answerNext('create', { until: answered });
			const execution = await fixture.run({ prompt: 'x', waitForCompletion: false });
			expect(execution.error?.message).toBeUndefined();
			expect(fixture.counts().creates).toBe(1);
		} finally {
			reads.mockRestore();
		}
	},
);
