import { NodeExecution } from '../../nodes/GptImage1/run/nodeExecution';
import { CANCELS, ERRORS } from '../service/responses';
import type { Fault } from '../service/faults';
import { tries, useSimulatedFixture } from './fixture';

/** What the node concludes from an answer, and tells the user, is so. */

const fixture = useSimulatedFixture({ progress: { byTime: 5000 } });

const NEVER_ENDS = { progress: { byTime: 86_400_000 } };

const STILL_RUNNING = { status: 202, body: { status: 'IN_PROGRESS' } };

describe('a service that is a little behind itself is waited for', () => {
	test.each<[string, string, Fault[]]>([
		['404 to the result, after the task has succeeded', 'generate', []],
		['404 to the result of a request ID that has succeeded', 'getResult', [STILL_RUNNING]],
		['404 to the result of a task that the node before may have made', 'getResult', []],
	])('some seconds of %s', async (_what, operation, first) => {
		const { id } = fixture.emulator.addTask();
		for (const answer of first) {
			fixture.emulator.end(id);
			fixture.emulator.answerNext('result', answer);
		}
		fixture.emulator.answerNext('result', ERRORS.notFound(), 5);
		const execution = await fixture.run({ operation, prompt: 'x', requestId: id });
		expect(execution.error?.message).toBeUndefined();
		const [item] = execution.items('Image');
		expect(item?.json.state).toBe('succeeded');
		expect(item?.binary).toHaveProperty('data');
	});

	test.each(['generate', 'getResult'])(
		'%s: a failure of which a result speaks once, after the task has succeeded',
		async (operation) => {
			const requestId = fixture.endedTask();
			const body = { error: { code: 'INTERNAL', message: 'try again' } };
			fixture.emulator.answerNext('result', { status: 200, body });
			const parameters = { operation, prompt: 'x', requestId };
			const execution = await fixture.run(parameters, { settings: tries(2) });
			expect(execution.error).toBeUndefined();
			expect(execution.items('Image')[0]?.binary).toHaveProperty('data');
			expect(fixture.counts().creates).toBe(operation === 'generate' ? 1 : 0);
		},
	);

	test('404 to the cancel after a short time-out', async () => {
		fixture.emulator.configure(NEVER_ENDS);
		fixture.emulator.answerNext('cancel', CANCELS.notFound());
		await fixture.run({ prompt: 'x', options: { timeout: 2, onTimeout: 'cancel' } });
		expect(fixture.onlyTask().ending).toMatchObject({ how: 'cancelled' });
	});
});

test('a fault of the node itself names the task', async () => {
	jest.spyOn(NodeExecution.prototype, 'noteFoundEnded').mockImplementation(() => {
		throw new Error('This cannot be');
	});
	const execution = await fixture.run({ prompt: 'a red apple' });
	const { message, description } = execution.error!;
	expect(`${message} ${description}`).toContain(fixture.onlyTask().id);
});

test.each<[string, Fault]>([
	['is refused', ERRORS.notAllowed()],
	['fails', 'error500'],
	['is dropped', 'drop'],
	['is not known', CANCELS.notFound()],
])('a time-out is told as a time-out though its cancel %s', async (_what, answer) => {
	fixture.emulator.configure(NEVER_ENDS);
	fixture.emulator.answerNext('cancel', answer, 10_000);
	const execution = await fixture.run({
		...{ prompt: 'x', options: { timeout: 60, onTimeout: 'cancel' } },
	});
	const { message, description } = execution.error!;
	expect(message).toBe(
		`Task ${fixture.onlyTask().id} was still queued after 60 seconds and could not be cancelled [item 0]`,
	);
	expect(description).toMatch(/cancel/i);
});

test('a field for the file that JavaScript keeps for itself is refused before anything is sent', async () => {
	const execution = await fixture.run({ prompt: 'x', binaryPropertyName: '__proto__' });
	expect(execution.error?.message).toContain('Put Output File in Field');
	expect(fixture.requests()).toEqual([]);
});

test("a retry with another account's key says that a new execution helps", async () => {
	fixture.emulator.configure(NEVER_ENDS);
	fixture.emulator.answerNext('status', ERRORS.notAllowed('No balance'));
	const failed = await fixture.run({ prompt: 'x' });
	expect(failed.status).toBe('error');
	fixture.emulator.answerNext('status', ERRORS.notFound(), 10_000);
	const again = await fixture.retry(failed);
	expect(fixture.requests('create')).toHaveLength(1);
	expect(again.error?.message).toContain(fixture.onlyTask().id);
	expect(again.error?.description).toMatch(/new execution/);
});
