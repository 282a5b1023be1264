import type { Fault } from '../service/faults';
import { NEVER_SENT } from '../service/networkFaults';
import { useSimulatedFixture } from './fixture';
import { expectFailure, MESSAGES, RESPONSES, runAnswered } from './cannedResponses';

/** Status, result and cancel calls that bring no success: repeated where that may help, then told. */

const fixture = useSimulatedFixture();

const OPERATIONS = {
	getStatus: { attempts: 6, advice: 'Try again later.' },
	getResult: { attempts: 7, advice: "'Get Status' shows whether the task failed, and why." },
	cancel: {
		attempts: 4,
		advice: "'Get Status' shows whether the task has already finished.",
	},
};

const NOT_USED = 'The response names "mmsu_another", so it was not used.';
const REFUSED = 'SeaArt Cloud refused the request';
const COULD_NOT = 'SeaArt Cloud could not process the request';
const CHECK_NETWORK =
	"Check 'Base URL' in the 'SeaArt API' credential and your n8n instance's network access.";

/** The answers that are named here, and one about another task. */
const ANSWERS: Record<string, Fault> = {
	...RESPONSES,
	'a lost connection': 'drop',
	'no connection': NEVER_SENT.refused,
	'another task': { status: 200, body: { request_id: 'mmsu_another', status: 'COMPLETED' } },
};

describe.each(['getStatus', 'getResult', 'cancel'] as const)('the call of %s', (operation) => {
	const { attempts, advice } = OPERATIONS[operation];
	const KEPT =
		operation === 'cancel'
			? "The task may still be running: cancel it again, or use 'Get Status' with request ID ID."
			: "The task is not lost: use 'Get Result' with request ID ID.";

	/** Answered so every time: why it failed, how often it was sent (or at least and at most), what to do. */
	test.each<[string, string, number[], ...string[]]>([
		['400', `${REFUSED} (HTTP 400)`, [1], advice],
		[
			'401',
			'SeaArt Cloud rejected the API key (HTTP 401)',
			[1],
			"Open the 'SeaArt API' credential",
		],
		['402', 'your SeaArt Cloud balance is too low (HTTP 402)', [1], 'Add credits'],
		['403', "this API key can't use GPT Image 1 (HTTP 403)", [1], "that the key hasn't expired"],
		['422', `${REFUSED} (HTTP 422)`, [1], advice],
		// The service may be a little behind itself.
		['404', 'SeaArt Cloud does not know this task (HTTP 404)', [2, 8], 'Check the request ID.'],
		// No failure but a wait, as long as the call has time.
		['429', 'rate limit reached (HTTP 429)', [4, 14], KEPT],
		['500', `${COULD_NOT} (HTTP 500)`, [attempts], KEPT],
		['an HTML 502', `${COULD_NOT} (HTTP 502)`, [attempts], KEPT],
		['malformed JSON', 'the response could not be read', [attempts], KEPT],
		['a lost connection', 'the connection was lost', [attempts], KEPT, '(ECONNRESET)'],
		['no connection', 'no connection to SeaArt Cloud', [attempts], KEPT, CHECK_NETWORK],
		['another task', 'the response is about another task', [attempts], NOT_USED],
	])('%s every time: %s', async (name, reason, [least, most = least], ...todo) => {
		const answered = await runAnswered(fixture, operation, ANSWERS[name]!);
		const { execution, id, sent, others, couldNot } = answered;
		const says = MESSAGES[name as keyof typeof MESSAGES] ?? '';
		const details = todo.map((part) => part.replace('ID ID', `ID ${id}`));
		expectFailure(fixture, execution, `${couldNot}: ${reason} [item 0]`, says, ...details);
		const [, httpCode = null] = /HTTP (\d+)/.exec(reason) ?? [];
		expect(execution.error).toMatchObject({ httpCode });
		expect(sent).toBeGreaterThanOrEqual(least!);
		expect(sent).toBeLessThanOrEqual(most!);
		// Where the result is an error, the status is asked whether the task has failed.
		const asks = operation === 'getResult' && /HTTP (400|422|50.)/.test(reason);
		expect(others).toEqual(asks ? ['status'] : []);
	});

	test.each(['404', '429', '500', 'an HTML 502', 'malformed JSON', 'a lost connection'])(
		'%s once: the next response counts',
		async (name) => {
			const { execution, sent } = await runAnswered(fixture, operation, ANSWERS[name]!, 1);
			expect(execution.status).toBe('success');
			expect(execution.items('Image')).toHaveLength(1);
			expect(sent).toBe(2);
			fixture.expectNoKey(execution);
		},
	);
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
