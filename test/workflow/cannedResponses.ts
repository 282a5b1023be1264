import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import type { Execution } from '../harness/execution';
import type { Fixture } from './fixture';

/** Every response that an operation's own call can get, and what the node makes of it. */

const OPERATIONS = {
	generate: { call: 'create', couldNot: 'Could not create the task' },
	getStatus: { call: 'status', couldNot: 'Could not get the status of task ID' },
	getResult: { call: 'result', couldNot: 'Could not get the result of task ID' },
	cancel: { call: 'cancel', couldNot: 'Could not cancel task ID' },
} as const;

type Operation = keyof typeof OPERATIONS;

export const RESPONSES = {
	400: { status: 400, body: { detail: 'size is not supported' } },
	401: ERRORS.unauthorized('No such key'),
	402: ERRORS.noCredits(),
	403: ERRORS.notAllowed(),
	404: ERRORS.notFound(),
	422: ERRORS.refused([{ loc: ['body', 'size'], msg: 'Not a size' }]),
	429: ERRORS.tooMany('Too many requests', 1),
	500: ERRORS.failed(),
	'an HTML 502': ERRORS.gatewayPage(),
	'malformed JSON': {
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: '{"request_id": "mm',
	},
} satisfies Record<string, Fault>;

/** The service's own words in each response, which the description passes on. */
export const MESSAGES: Record<keyof typeof RESPONSES, string> = {
	400: 'says: "size is not supported"',
	401: 'says: "No such key" (For SeaArt\'s support: call gw_5f3c7a.)',
	402: 'says: "Insufficient credits"',
	403: 'says: "Model not allowed for this user"',
	404: 'says: "Request not found"',
	422: 'says: "body.size: Not a size"',
	429: 'says: "Too many requests" (For SeaArt\'s support: call gw_5f3c7a.)',
	500: 'says: "Runtime execution failed"',
	'an HTML 502': 'says: "502 Bad Gateway"',
	'malformed JSON': 'says: "{"request_id": "mm"',
};

/**
 * Runs an operation on a task that has succeeded (for a cancel: one that runs). The operation's own call
 * gets this response, the first so many times.
 */
export async function runAnswered(
	fixture: Fixture,
	operation: Operation,
	response: Fault,
	times = 100,
) {
	const { emulator } = fixture;
	const { call } = OPERATIONS[operation];
	const { id } = emulator.addTask();
	if (operation !== 'cancel') emulator.end(id);
	emulator.answerNext(call, response, times);
	const parameters =
		operation === 'generate'
			? { prompt: 'a red apple', numberOfImages: 2 }
			: { operation, requestId: id };
	const execution = await fixture.run(parameters);
	const calls = fixture.calls();
	const sent = calls.filter((one) => one === call).length;
	const others = calls.filter((one) => one !== call);
	const couldNot = OPERATIONS[operation].couldNot.replace('ID', id);
	return { execution, id, sent, others, couldNot };
}

export function expectFailure(
	fixture: Fixture,
	execution: Execution,
	message: string,
	...description: string[]
): void {
	expect(execution.status).toBe('error');
	expect(execution.items('Image')).toEqual([]);
	expect(execution.error?.name).toBe('NodeApiError');
	expect(execution.error?.message).toBe(message);
	for (const part of description) expect(execution.error?.description).toContain(part);
	fixture.expectNoKey(execution);
}
