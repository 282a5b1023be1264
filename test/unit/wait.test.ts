import fc from 'fast-check';
import type { Attempt } from '../../nodes/GptImage1/task/call';
import type { TaskStatus } from '../../nodes/GptImage1/task/contract';
import { readStatus } from '../../nodes/GptImage1/task/answers';
import { Problem } from '../../nodes/GptImage1/task/errors';
import { hasEnded, waitForEnd } from '../../nodes/GptImage1/task/wait';
import type { Watch } from '../../nodes/GptImage1/task/wait';

const status = (word: string, more: object = {}): Attempt<TaskStatus> => ({
	value: readStatus({ status: word, ...more })!,
});

const failed = (again: boolean, httpCode?: number): Attempt<TaskStatus> => ({
	problem: new Problem({ message: `failed ${httpCode}`, httpCode }),
	again,
});

const START = 1_000_000;

/** A world whose time passes in sleeps and in calls only; looks are answered from a list. */
function simulation(
	answers: Array<Attempt<TaskStatus>>,
	change: Partial<Watch> = {},
	callTakes = 0,
) {
	let now = START;
	const looks: number[] = [];
	const seen: TaskStatus[] = [];
	const watch: Watch = {
		async look() {
			looks.push(now - START);
			now += callTakes;
			return answers[looks.length - 1] ?? answers.at(-1)!;
		},
		now: () => now,
		async untilLook(wanted) {
			now = Math.max(now, wanted);
			return true;
		},
		delay: () => 1000,
		retryIn: (failures, retryAfter) => retryAfter ?? failures * 100,
		onStatus: (one) => seen.push(one),
		born: START,
		resumed: false,
		deadline: START + 60_000,
		graceUntil: START + 10_000,
		...change,
	};
	return { looks, seen, waited: waitForEnd(watch), elapsed: () => now - START };
}

test('looks until the task has ended, and tells when that was', async () => {
	const ended = status('COMPLETED');
	const { looks, seen, waited } = simulation(
		[status('IN_QUEUE'), status('IN_PROGRESS'), ended],
		{},
		5,
	);
	expect(await waited).toEqual({
		status: 'value' in ended && ended.value,
		// Open when the look before was sent, ended when this one was answered.
		duration: { after: 2005, by: 3015 },
	});
	expect(looks).toEqual([1000, 2005, 3010]);
	expect(seen.map(({ word }) => word)).toEqual(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']);
});

test.each([
	['failed', status('COMPLETED', { error: 'x' })],
	['cancelled', status('COMPLETED', { error: 'x', error_type: 'CANCELED' })],
])('a task that %s has ended too', async (state, answer) => {
	const waited = await simulation([answer]).waited;
	expect(waited).toMatchObject({ status: { state } });
	expect('status' in waited && hasEnded(waited.status)).toBe(true);
});

test('the task of an earlier try is looked at at once', async () => {
	const { looks, waited } = simulation([status('COMPLETED')], { resumed: true, born: 0 });
	await waited;
	expect(looks).toEqual([0]);
});

test('the delay is asked for by the age of the task', async () => {
	const delay = jest.fn(() => 1000);
	const answers = [status('IN_QUEUE'), status('COMPLETED')];
	await simulation(answers, { delay, born: START - 7000 }).waited;
	expect(delay.mock.calls).toEqual([[7000], [8000]]);
});

describe('the time-out', () => {
	test('the last look is made at the deadline itself', async () => {
		const { looks, waited } = simulation([status('IN_QUEUE')], { deadline: START + 2500 });
		expect(await waited).toMatchObject({ timedOut: true, last: { word: 'IN_QUEUE' } });
		expect(looks).toEqual([1000, 2000, 2500]);
	});

	test('a task that ends in the last interval is not missed', async () => {
		const answers = [status('IN_QUEUE'), status('IN_QUEUE'), status('COMPLETED')];
		const { waited } = simulation(answers, { deadline: START + 2500 });
		expect(await waited).toMatchObject({ status: { state: 'succeeded' } });
	});

	test('no room for a look before the deadline', async () => {
		const { looks, waited } = simulation([], { untilLook: async () => false });
		expect(await waited).toEqual({ timedOut: true, last: undefined });
		expect(looks).toEqual([]);
	});

	test('no look and no sleep goes past it, whatever is answered', async () => {
		const one = fc.constantFrom(
			status('IN_QUEUE'),
			status('X'),
			failed(true, 500),
			{ ...failed(true, 429), retryAfter: 5000 },
			status('COMPLETED'),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(one, { minLength: 1, maxLength: 40 }),
				fc.integer({ min: 1, max: 90_000 }),
				fc.integer({ min: 1, max: 40_000 }),
				async (answers, timeout, gap) => {
					const deadline = START + timeout;
					const { looks, waited } = simulation(answers, { deadline, delay: () => gap });
					await waited.catch((problem) => expect(problem).toBeInstanceOf(Problem));
					expect(Math.max(...looks)).toBeLessThanOrEqual(timeout);
					expect(looks.filter((look) => look === timeout).length).toBeLessThanOrEqual(1);
				},
			),
		);
	});
});

describe('failed looks', () => {
	test('are repeated by the rule for failures, and counted anew after an answer', async () => {
		const answers = [
			failed(true),
			failed(true),
			status('IN_QUEUE'),
			failed(true),
			status('COMPLETED'),
		];
		const { looks, waited } = simulation(answers);
		await waited;
		expect(looks).toEqual([1000, 1100, 1300, 2300, 2400]);
	});

	test('the service says when', async () => {
		const answers = [{ ...failed(true, 429), retryAfter: 7000 }, status('COMPLETED')];
		const { looks, waited } = simulation(answers);
		await waited;
		expect(looks).toEqual([1000, 8000]);
	});

	test('eleven in a row are too many', async () => {
		const { looks, waited } = simulation([failed(true, 500)]);
		await expect(waited).rejects.toThrow('failed 500');
		expect(looks).toHaveLength(11);
	});

	test('one that another look cannot mend ends the wait', async () => {
		const { looks, waited } = simulation([failed(false, 403)]);
		await expect(waited).rejects.toThrow('failed 403');
		expect(looks).toHaveLength(1);
	});

	test('a 404 is given a short grace after the create', async () => {
		const answers = [failed(false, 404), failed(false, 404), status('COMPLETED')];
		expect(await simulation(answers).waited).toMatchObject({ status: { state: 'succeeded' } });
	});

	test('a 404 after the grace is final, and so is one of a task that is not new', async () => {
		const late = simulation([failed(false, 404)]);
		await expect(late.waited).rejects.toThrow('failed 404');
		expect(late.elapsed()).toBeGreaterThanOrEqual(10_000);
		expect(late.elapsed()).toBeLessThan(11_500);
		const old = simulation([failed(false, 404)], { graceUntil: 0 });
		await expect(old.waited).rejects.toThrow('failed 404');
		expect(old.looks).toHaveLength(1);
	});

	test('whatever the sleep rejects with on Stop passes through', async () => {
		const untilLook = async () => await Promise.reject(new Error('stopped'));
		await expect(simulation([], { untilLook }).waited).rejects.toThrow('stopped');
	});
});
