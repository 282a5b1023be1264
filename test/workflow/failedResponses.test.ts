import { CredentialsHelper } from '../harness/credentials';
import type { Execution } from '../harness/execution';
import type { Fault } from '../service/faults';
import { NEVER_SENT } from '../service/networkFaults';
import { ERRORS } from '../service/responses';
import { refused, useSimulatedFixture } from './fixture';

/** Calls that bring no success: repeated where that may help and costs nothing, then told. */

const fixture = useSimulatedFixture();

const OPERATIONS = {
	generate: { call: 'create', couldNot: 'create the task' },
	getStatus: { call: 'status', couldNot: 'get the status of task ID' },
	getResult: { call: 'result', couldNot: 'get the result of task ID' },
	cancel: { call: 'cancel', couldNot: 'cancel task ID' },
} as const;

const MALFORMED = {
	status: 200,
	headers: { 'content-type': 'application/json' },
	body: '{"request_id": "mm',
};

/** What is answered, and the service's own words in it, which the description passes on. */
const RESPONSES = {
	400: [{ status: 400, body: { detail: 'size is not supported' } }, '"size is not supported"'],
	401: [ERRORS.unauthorized('No such key'), '"No such key" (For SeaArt\'s support: call gw_'],
	402: [ERRORS.noCredits(), '"Insufficient credits"'],
	403: [ERRORS.notAllowed(), '"Model not allowed for this user"'],
	404: [ERRORS.notFound(), '"Request not found"'],
	422: [ERRORS.refused([{ loc: ['body', 'size'], msg: 'Not a size' }]), '"body.size: Not a size"'],
	429: [refused(1), '"Too many" (For SeaArt\'s support: call gw_'],
	500: [ERRORS.failed(), '"Runtime execution failed"'],
	'an HTML 502': [ERRORS.gatewayPage(), '"502 Bad Gateway"'],
	'malformed JSON': [MALFORMED, '"{"request_id": "mm"'],
	'a lost connection': ['drop', '(ECONNRESET)'],
	'no connection': [NEVER_SENT.refused, '(ECONNREFUSED)'],
	'another task': [
		{ status: 200, body: { request_id: 'mmsu_another', status: 'COMPLETED' } },
		'The response names "mmsu_another", so it was not used.',
	],
} satisfies Record<string, [Fault, string]>;

type Name = keyof typeof RESPONSES;

/**
 * Runs an operation on a task that has succeeded (for a cancel: one that runs). The operation's own call
 * gets this response, the first so many times.
 */
async function runAnswered(operation: keyof typeof OPERATIONS, response: Fault, times = 100) {
	const { call, couldNot } = OPERATIONS[operation];
	const { id } = fixture.emulator.addTask();
	if (operation !== 'cancel') fixture.emulator.end(id);
	fixture.emulator.answerNext(call, response, times);
	const execution = await fixture.run({ operation, prompt: 'a red apple', requestId: id });
	const sent = fixture.requests(call).length;
	const others = fixture.calls().filter((one) => one !== call);
	return { execution, id, sent, others, couldNot: `Could not ${couldNot.replace('ID', id)}` };
}

function expectFailure(execution: Execution, message: string, ...description: string[]): void {
	fixture.expectError(execution, `${message} [item 0]`, ...description);
	const [, httpCode = null] = /HTTP (\d+)/.exec(message) ?? [];
	expect(execution.error).toMatchObject({ name: 'NodeApiError', httpCode });
}

const REJECTED = 'SeaArt Cloud rejected the API key (HTTP 401)';
const OPEN_CREDENTIAL = "Open the 'SeaArt API' credential";
const TOO_LOW = 'your SeaArt Cloud balance is too low (HTTP 402)';
const ADD_CREDITS = 'Add credits to your SeaArt Cloud account';
const CANNOT_USE = "this API key can't use GPT Image 1 (HTTP 403)";
const EXPIRED = "check that the key hasn't expired";
const LIMIT = 'rate limit reached (HTTP 429)';
const UNREADABLE = 'the response could not be read';
const NO_CONNECTION = 'no connection to SeaArt Cloud';
const CHECK_NETWORK = "Check 'Base URL' in the 'SeaArt API' credential and your n8n instance's";
const failed = (status: number) => `SeaArt Cloud could not process the request (HTTP ${status})`;

/** A create is paid for: never sent twice. */
describe('a create', () => {
	const NO_TASK = 'No task was created.';
	const NOT_REPEATED = "The node doesn't create it again by itself, to avoid a double charge.";
	const invalid = (status: number) => `SeaArt Cloud did not accept the parameters (HTTP ${status})`;
	const CHECK_VALUES = "Check the values of this node's parameters.";

	test.each<[Name, string, string]>([
		[400, invalid(400), CHECK_VALUES],
		[401, REJECTED, OPEN_CREDENTIAL],
		[402, TOO_LOW, ADD_CREDITS],
		[403, CANNOT_USE, EXPIRED],
		[404, 'there is no GPT Image 1 queue at this address (HTTP 404)', "Check 'Base URL' in the"],
		[422, invalid(422), CHECK_VALUES],
	])('that is answered by %s is sent once', async (name, reason, advice) => {
		const [response, says] = RESPONSES[name];
		const { execution, sent, others, couldNot } = await runAnswered('generate', response);
		expectFailure(execution, `${couldNot}: ${reason}`, advice, NO_TASK, `says: ${says}`);
		expect([sent, others]).toEqual([1, []]);
		expect(execution.error?.description).not.toContain(NOT_REPEATED);
	});

	test.each<[string, Fault, string, string]>([
		['500', ...RESPONSES[500], failed(500)],
		['an HTML 502', ...RESPONSES['an HTML 502'], failed(502)],
		['malformed JSON', ...RESPONSES['malformed JSON'], UNREADABLE],
		['no request ID', { status: 200, body: { id: '../x' } }, '', UNREADABLE],
		['a broken connection', 'dropAfterAccept', '(ECONNRESET)', 'the connection was lost'],
		['silence', 'hangAfterAccept', '', 'there was no complete response within 120 seconds'],
	])('that gets %s is sent once, and a task may exist', async (_what, response, says, reason) => {
		const { execution, sent, others } = await runAnswered('generate', response);
		const message = `Could not confirm the new task: ${reason}, so a task may exist`;
		expectFailure(execution, message, NOT_REPEATED, says);
		expect([sent, others]).toEqual([1, []]);
	});

	test.each(['truncate', 'truncateQuietly', 'stall', 'doubled'] as const)(
		'%s: the task is fetched, as its request ID has come',
		async (fault) => {
			const { execution, sent } = await runAnswered('generate', fault);
			expect(execution.status).toBe('success');
			expect(execution.items('Image')).toHaveLength(1);
			expect(sent).toBe(1);
		},
	);

	test('that reaches no service is repeated, and no task was created', async () => {
		const [response, says] = RESPONSES['no connection'];
		const { execution, sent, couldNot } = await runAnswered('generate', response);
		expectFailure(execution, `${couldNot}: ${NO_CONNECTION}`, NO_TASK, says);
		expect(sent).toBeGreaterThan(1);
	});

	test('429 twice: repeated until it is accepted', async () => {
		const { execution, sent } = await runAnswered('generate', RESPONSES[429][0], 2);
		expect(execution.status).toBe('success');
		expect(sent).toBe(3);
		// One is there from the start.
		expect(fixture.emulator.tasks.size).toBe(2);
	});

	test('429 every time: given up after ten minutes', async () => {
		const { execution, sent, others, couldNot } = await runAnswered('generate', refused(250));
		const says = `says: ${RESPONSES[429][1]}`;
		expectFailure(execution, `${couldNot}: ${LIMIT}`, "Lower 'Max Tasks in Flight'", says);
		expect([sent, others]).toEqual([3, []]);
	});

	test('that is redirected is not sent on', async () => {
		const headers = { location: `${fixture.emulator.imagesOrigin}/model` };
		const { execution, couldNot } = await runAnswered('generate', { status: 307, headers });
		expectFailure(
			execution,
			`${couldNot}: SeaArt Cloud redirects to another address (HTTP 307)`,
			'The API key is never sent to an address that a response names.',
		);
		expect(fixture.calls()).toEqual(['create']);
	});

	test.each([
		['a wrong key is kept out of everything', 'another-key-altogether'],
		['a key that an expression gives as a number is sent as text', 123456],
	])('%s', async (_what, apiKey) => {
		const credential = { ...fixture.credential, apiKey };
		const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
		expectFailure(execution, `Could not create the task: ${REJECTED}`, OPEN_CREDENTIAL);
		const bearers = fixture.requests().map(({ call, headers }) => [call, headers.authorization]);
		expect(bearers).toEqual([['create', `Bearer ${apiKey}`]]);
		fixture.expectNoKey(execution, String(apiKey));
	});

	test.each([119_000, 121_000])(
		'loses none of its time to a credential that takes %i ms to read',
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
});

const CHECKS = {
	getStatus: { attempts: 6, advice: 'Try again later.' },
	getResult: { attempts: 7, advice: "'Get Status' shows whether the task failed, and why." },
	cancel: { attempts: 4, advice: "'Get Status' shows whether the task has already finished." },
};

describe.each(['getStatus', 'getResult', 'cancel'] as const)('the call of %s', (operation) => {
	const { attempts, advice } = CHECKS[operation];
	const kept =
		operation === 'cancel'
			? "The task may still be running: cancel it again, or use 'Get Status' with request ID"
			: "The task is not lost: use 'Get Result' with request ID";
	const refusedWith = (status: number) => `SeaArt Cloud refused the request (HTTP ${status})`;

	/** Answered so every time: why it failed, what to do, and how often it was sent at least and at most. */
	test.each<[Name, string, string, number, number]>([
		[400, refusedWith(400), advice, 1, 1],
		[401, REJECTED, OPEN_CREDENTIAL, 1, 1],
		[402, TOO_LOW, ADD_CREDITS, 1, 1],
		[403, CANNOT_USE, EXPIRED, 1, 1],
		[422, refusedWith(422), advice, 1, 1],
		// The service may be a little behind itself.
		[404, 'SeaArt Cloud does not know this task (HTTP 404)', 'Check the request ID.', 2, 8],
		// No failure but a wait, as long as the call has time.
		[429, LIMIT, kept, 4, 14],
		[500, failed(500), kept, attempts, attempts],
		['an HTML 502', failed(502), kept, attempts, attempts],
		['malformed JSON', UNREADABLE, kept, attempts, attempts],
		['a lost connection', 'the connection was lost', kept, attempts, attempts],
		['no connection', NO_CONNECTION, CHECK_NETWORK, attempts, attempts],
		['another task', 'the response is about another task', kept, attempts, attempts],
	])('%s every time: %s', async (name, reason, todo, least, most) => {
		const [response, says] = RESPONSES[name];
		const { execution, id, sent, others, couldNot } = await runAnswered(operation, response);
		const details = [says, todo === kept ? `${kept} ${id}.` : todo];
		expectFailure(execution, `${couldNot}: ${reason}`, ...details);
		expect(sent).toBeGreaterThanOrEqual(least);
		expect(sent).toBeLessThanOrEqual(most);
		// Where the result is an error, the status is asked whether the task has failed.
		const asks = operation === 'getResult' && /HTTP (400|422|50.)/.test(reason);
		expect(others).toEqual(asks ? ['status'] : []);
	});

	test.each<Name>([404, 429, 500, 'an HTML 502', 'malformed JSON', 'a lost connection'])(
		'%s once: the next response counts',
		async (name) => {
			const { execution, sent } = await runAnswered(operation, RESPONSES[name][0], 1);
			expect(execution.status).toBe('success');
			expect(execution.items('Image')).toHaveLength(1);
			expect(sent).toBe(2);
			fixture.expectNoKey(execution);
		},
	);
});

test('a request ID with the word that n8n takes for Stop fails, and does not end as canceled', async () => {
	const execution = await fixture.run({ operation: 'getStatus', requestId: 'canceled' });
	expect(execution.status).toBe('error');
	expect(execution.error?.message).toContain('task Canceled');
});

/** The key appears nowhere, wherever the service repeats it; its spellings are a matter of `redact`. */
describe('the key comes back', () => {
	const KEY = String.raw`schlüssel "quoted" \ and / + 100%`;
	beforeEach(() => fixture.emulator.configure({ key: KEY }));

	const words = `The header was "Bearer ${KEY}".`;

	/** Blanks around the key, as they may have been pasted into the credential, are not sent. */
	const run = async (parameters: object) => {
		const credential = { ...fixture.credential, apiKey: ` ${KEY}\n` };
		const execution = await fixture.run(parameters, { credential });
		expect(fixture.requests()[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
		return execution;
	};

	test.each([
		['detail of an error', { status: 403, body: { detail: words } }],
		['page of a gateway', { status: 502, body: `<html><body>${words}</body></html>` }],
		['answer that breaks off', { status: 200, body: `{"status":"${words}` }],
		['words of a failed task', { status: 200, body: { status: 'COMPLETED', error: words } }],
		['status word', { status: 200, body: { status: words } }],
	])('in the %s', async (_place, answer) => {
		fixture.emulator.answerNext('status', answer, 1000);
		const options = { timeout: 600, pollInterval: 60 };
		fixture.expectError(await run({ prompt: 'x', options }), expect.any(String));
	});

	test('in an item', async () => {
		const { id } = fixture.emulator.addTask();
		const body = { status: 'IN_PROGRESS', logs: [{ message: words }], [words]: words };
		fixture.emulator.answerNext('status', { status: 200, body });
		const execution = await run({ operation: 'getStatus', requestId: id });
		const logs = [{ message: 'The header was "Bearer [the API key]".' }];
		expect(fixture.onlyItem(execution).json).toMatchObject({ state: 'running', logs });
	});
});
