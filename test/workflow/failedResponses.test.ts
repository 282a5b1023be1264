import type { Execution } from '../harness/execution';
import type { Fault } from '../service/faults';
import { NEVER_SENT } from '../service/networkFaults';
import { ERRORS } from '../service/responses';
import {
	after,
	CONTINUE,
	prompt,
	prompts,
	refused,
	slowCredentialStore,
	useSimulatedFixture,
} from './fixture';

/** Calls that bring no success: repeated where that may help and costs nothing, then told. */

const fixture = useSimulatedFixture();

const OPERATIONS = {
	generate: { call: 'create', couldNot: 'create the task' },
	getStatus: { call: 'status', couldNot: 'get the status of task ID' },
	getResult: { call: 'result', couldNot: 'get the result of task ID' },
	cancel: { call: 'cancel', couldNot: 'cancel task ID' },
} as const;

type Operation = keyof typeof OPERATIONS;

/**
 * Runs an operation on a task that has succeeded (for a cancel: one that runs). The operation's own call
 * gets this response, the first so many times.
 */
async function runAnswered(operation: Operation, response: Fault, times = 100) {
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

const MALFORMED = {
	status: 200,
	headers: { 'content-type': 'application/json' },
	body: '{"request_id": "mm',
};
const UNUSABLE_ID = { status: 200, body: { id: 'a/b' } };
const NOT_A_SIZE = ERRORS.refused([{ loc: ['body', 'size'], msg: 'Not a size' }]);
const NO_KEY = ERRORS.unauthorized('No such key');

const REJECTED = 'SeaArt Cloud rejected the API key (HTTP 401)';
const UNREADABLE = 'the response could not be read';
const NO_CONNECTION = 'no connection to SeaArt Cloud';
const BAD_GATEWAY = 'SeaArt Cloud could not process the request (HTTP 502)';

/** A create is paid for: never sent twice. */
describe('a create', () => {
	const NOT_REPEATED = "The node doesn't create it again by itself, to avoid a double charge.";
	const INVALID = 'SeaArt Cloud did not accept the parameters (HTTP 422)';

	test.each([
		[401, NO_KEY, REJECTED, `says: "No such key" (For SeaArt's support: call gw_`],
		[422, NOT_A_SIZE, INVALID, 'says: "body.size: Not a size"'],
	])('that is answered by HTTP %i is sent once', async (_status, response, reason, says) => {
		const { execution, sent, others, couldNot } = await runAnswered('generate', response);
		expectFailure(execution, `${couldNot}: ${reason}`, 'No task was created.', says);
		expect([sent, others]).toEqual([1, []]);
		expect(execution.error?.description).not.toContain(NOT_REPEATED);
	});

	test.each<[string, Fault, string, string]>([
		['an HTML 502', ERRORS.gatewayPage(), BAD_GATEWAY, '"502 Bad Gateway"'],
		['malformed JSON', MALFORMED, UNREADABLE, '"{"request_id": "mm"'],
		['no ID that can be one', UNUSABLE_ID, UNREADABLE, 'The response names the task "a/b".'],
		['a broken connection', 'dropAfterAccept', 'the connection was lost', '(ECONNRESET)'],
		['silence', 'hangAfterAccept', 'there was no complete response within 120 seconds', ''],
	])('that gets %s is sent once, and a task may exist', async (_what, response, reason, says) => {
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

	test.each<[string, Fault, number, string, number]>([
		['no connection: repeated', NEVER_SENT.refused, 100, NO_CONNECTION, 5],
		['429 every time: given up after ten minutes', refused(250), 100, 'rate limit reached', 3],
		['429 twice: repeated until it is accepted', refused(1), 2, '', 3],
	])('%s', async (_what, response, times, reason, attempts) => {
		const { execution, sent, couldNot } = await runAnswered('generate', response, times);
		expect(execution.error?.message ?? '').toContain(reason && `${couldNot}: ${reason}`);
		if (reason) expect(execution.error?.description).toContain('No task was created.');
		expect(sent).toBe(attempts);
		// One is there from the start.
		expect(fixture.emulator.tasks.size).toBe(reason ? 1 : 2);
	});

	test('waits its turn, however long, at a service that allows one unfinished task', async () => {
		fixture.emulator.configure({ progress: { byTime: 120_000 }, limits: { openTasks: 1 } });
		const execution = await fixture.run({ prompt }, { items: prompts(12) });
		expect(execution.error?.message).toBeUndefined();
		const created = [...fixture.emulator.tasks.values()].map(({ parameters }) => parameters.prompt);
		expect(created).toEqual(prompts(12).map((item) => item.prompt));
	});

	test('loses none of its time to a credential that takes two minutes to read', async () => {
		slowCredentialStore(121_000);
		fixture.emulator.answerNext('create', { until: after(180_000) });
		const execution = await fixture.run({ prompt: 'x', waitForCompletion: false });
		expect(execution.error?.message).toBeUndefined();
		expect(fixture.counts().creates).toBe(1);
	});
});

const REFUSED = 'SeaArt Cloud refused the request (HTTP 422)';
const KEPT = "The task is not lost: use 'Get Result' with request ID ID.";
const MAY_RUN = "The task may still be running: cancel it again, or use 'Get Status' with";
const CHECK_NETWORK = "Check 'Base URL' in the 'SeaArt API' credential and your n8n instance's";

/** Answered so every time: why it failed, how often it was sent, and parts of the description. */
test.each<[Operation, Fault, string, number, ...string[]]>([
	['getStatus', NO_KEY, REJECTED, 1, '"No such key"'],
	['getStatus', MALFORMED, UNREADABLE, 6, '"{"request_id": "mm"', KEPT],
	// The status is asked whether the task has failed.
	['getResult', NOT_A_SIZE, REFUSED, 1, "'Get Status' shows whether the task failed, and why."],
	['getResult', ERRORS.gatewayPage(), BAD_GATEWAY, 7, '"502 Bad Gateway"', KEPT],
	['cancel', 'drop', 'the connection was lost', 4, '(ECONNRESET)', MAY_RUN],
	['cancel', NEVER_SENT.refused, NO_CONNECTION, 4, '(ECONNREFUSED)', CHECK_NETWORK],
])('the call of %s, answered by %j: %s', async (operation, response, reason, attempts, ...says) => {
	const { execution, id, sent, others, couldNot } = await runAnswered(operation, response);
	expectFailure(
		execution,
		`${couldNot}: ${reason}`,
		...says.map((one) => one.replace(' ID.', ` ${id}.`)),
	);
	expect(sent).toBe(attempts);
	expect(others).toEqual(operation === 'getResult' ? ['status'] : []);
});

test.each<[Operation, Fault]>([
	['getStatus', ERRORS.notFound()],
	['getStatus', 'truncateQuietly'],
	['getResult', 'error500'],
	['cancel', 'drop'],
])('the call of %s, answered by %j once: the next response counts', async (operation, fault) => {
	const { execution, sent } = await runAnswered(operation, fault, 1);
	expect(execution.status).toBe('success');
	expect(execution.items('Image')).toHaveLength(1);
	expect(sent).toBe(2);
});

test('under Continue, a Retry-After of an hour does not hold every item in turn', async () => {
	fixture.emulator.answerNext('create', refused(3600), 100_000);
	const parameters = { prompt: 'x', options: { maxTasksInFlight: 1 } };
	await fixture.run(parameters, { items: [{}, {}, {}], settings: CONTINUE });
	expect(fixture.time.now).toBeLessThan(15 * 60_000);
});

test('a request ID with the word that n8n takes for Stop fails, and does not end as canceled', async () => {
	const execution = await fixture.run({ operation: 'getStatus', requestId: 'canceled' });
	expect(execution.status).toBe('error');
	expect(execution.error?.message).toContain('task Canceled');
});
