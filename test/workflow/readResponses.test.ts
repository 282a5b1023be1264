import { NEVER_SENT } from '../service/networkFaults';
import { useSimulatedFixture } from './fixture';
import { expectFailure, MESSAGES, RESPONSES, runAnswered } from './cannedResponses';
import type { ResponseName } from './cannedResponses';

/** Status, result and cancel calls that bring no success: repeated where that may help, then told. */

const fixture = useSimulatedFixture();

/** How often each call is made that fails every time. */
const ATTEMPTS = { getStatus: 6, getResult: 7, cancel: 4 };

describe.each(['getStatus', 'getResult', 'cancel'] as const)('the call of %s', (operation) => {
	/** Where the result is an error, the status is asked whether the task has failed. */
	const afterwards = (name: ResponseName) =>
		operation === 'getResult' && ['400', '422', '500', 'an HTML 502'].includes(String(name))
			? ['status']
			: [];

	/** What helps after a refusal that has no advice of its own. */
	const next = {
		getStatus: 'Try again later.',
		getResult: "'Get Status' shows whether the task failed, and why.",
		cancel: "'Get Status' shows whether the task has already finished.",
	}[operation];
	const keepsTask = (id: string) =>
		operation === 'cancel'
			? `The task may still be running: cancel it again, or use 'Get Status' with request ID ${id}.`
			: `The task is not lost: use 'Get Result' with request ID ${id}.`;

	test.each<[ResponseName, string, string]>([
		[400, 'SeaArt Cloud refused the request', next],
		[401, 'SeaArt Cloud rejected the API key', "Open the 'SeaArt API' credential"],
		[402, 'your SeaArt Cloud balance is too low', 'Add credits'],
		[403, "this API key can't use GPT Image 1", "check that the key hasn't expired"],
		[422, 'SeaArt Cloud refused the request', next],
	])('%s: sent once', async (name, reason, advice) => {
		const { execution, sent, others, couldNot } = await runAnswered(
			fixture,
			operation,
			RESPONSES[name],
		);
		const message = `${couldNot}: ${reason} (HTTP ${name}) [item 0]`;
		expectFailure(fixture, execution, message, advice, MESSAGES[name]);
		expect(execution.error).toMatchObject({ httpCode: String(name) });
		expect([sent, others]).toEqual([1, afterwards(name)]);
	});

	test('404: repeated for some seconds, as the service may be a little behind itself', async () => {
		const { execution, sent, others, couldNot } = await runAnswered(
			fixture,
			operation,
			RESPONSES[404],
		);
		const message = `${couldNot}: SeaArt Cloud does not know this task (HTTP 404) [item 0]`;
		expectFailure(fixture, execution, message, 'Check the request ID.', MESSAGES[404]);
		expect(execution.error).toMatchObject({ httpCode: '404' });
		expect(sent).toBeGreaterThan(1);
		expect(sent).toBeLessThan(9);
		expect(others).toEqual([]);
	});

	test.each<[ResponseName, string]>([
		[500, 'SeaArt Cloud could not process the request (HTTP 500)'],
		['an HTML 502', 'SeaArt Cloud could not process the request (HTTP 502)'],
		['malformed JSON', 'the response could not be read'],
	])('%s: repeated a limited number of times', async (name, reason) => {
		const { execution, id, sent, others, couldNot } = await runAnswered(
			fixture,
			operation,
			RESPONSES[name],
		);
		const message = `${couldNot}: ${reason} [item 0]`;
		expectFailure(fixture, execution, message, keepsTask(id), MESSAGES[name]);
		expect([sent, others]).toEqual([ATTEMPTS[operation], afterwards(name)]);
	});

	test('429: no failure, but a wait; repeated as long as the call has time', async () => {
		const { execution, id, sent, others, couldNot } = await runAnswered(
			fixture,
			operation,
			RESPONSES[429],
		);
		expect(execution.error?.message).toMatch(/: rate limit reached( \(HTTP 429\))? \[item 0\]$/);
		expect(execution.error?.message).toContain(couldNot);
		expect(execution.error?.description).toContain(keepsTask(id));
		expect(execution.error).toMatchObject({ httpCode: '429' });
		expect(sent).toBeGreaterThan(3);
		expect(sent).toBeLessThan(15);
		expect(others).toEqual([]);
	});

	test.each<ResponseName>([404, 429, 500, 'an HTML 502', 'malformed JSON'])(
		'%s once: the next response counts',
		async (name) => {
			const { execution, sent } = await runAnswered(fixture, operation, RESPONSES[name], 1);
			expect(execution.status).toBe('success');
			expect(execution.rows('Image')).toHaveLength(1);
			expect(sent).toBe(2);
			fixture.expectNoKey(execution);
		},
	);

	test('a connection that breaks once: the next response counts', async () => {
		const { execution, sent } = await runAnswered(fixture, operation, 'drop', 1);
		expect(execution.status).toBe('success');
		expect(sent).toBe(2);
	});

	test('a connection that breaks every time: given up, and the error keeps the task', async () => {
		const { execution, id, sent, couldNot } = await runAnswered(fixture, operation, 'drop');
		const message = `${couldNot}: the connection was lost [item 0]`;
		expectFailure(fixture, execution, message, keepsTask(id), '(ECONNRESET)');
		expect(sent).toBe(ATTEMPTS[operation]);
	});

	test('no connection at all: the error keeps the task and says what to check', async () => {
		const { execution, id, couldNot } = await runAnswered(fixture, operation, NEVER_SENT.refused);
		expectFailure(
			fixture,
			execution,
			`${couldNot}: no connection to SeaArt Cloud [item 0]`,
			keepsTask(id),
			"Check 'Base URL' in the 'SeaArt API' credential and your n8n instance's network access.",
			'(ECONNREFUSED)',
		);
	});

	test('a response about another task is not used', async () => {
		const other = { status: 200, body: { request_id: 'mmsu_another', status: 'COMPLETED' } };
		const { execution, sent, couldNot } = await runAnswered(fixture, operation, other);
		expectFailure(
			fixture,
			execution,
			`${couldNot}: the response is about another task [item 0]`,
			'The response names "mmsu_another", so it was not used.',
		);
		expect(sent).toBe(ATTEMPTS[operation]);
	});
});

test.each(['localhost:1/model', 'ftp://127.0.0.1/model', 'cloud.seaart.ai/model', '', '/model'])(
	'a base URL that is no web address is refused, and nothing is sent: %j',
	async (baseUrl) => {
		const credential = { ...fixture.credential, baseUrl };
		const execution = await fixture.run({ prompt: 'x' }, { credential });
		expectFailure(
			fixture,
			execution,
			'Could not create the task: the base URL is not valid [item 0]',
			"Correct 'Base URL' in the 'SeaArt API' credential.",
			'No task was created.',
		);
		expect(fixture.calls()).toEqual([]);
	},
);
