import fc from 'fast-check';
import { Slots } from '../../nodes/GptImage1/run/slots';
import { Ended } from '../../nodes/GptImage1/task/errors';

const settled = async () => await new Promise((resolve) => setImmediate(resolve));

/** Work that ends when the test says so. */
function job() {
	let succeed!: () => void;
	let fail!: (reason: Error) => void;
	const ending = new Promise<void>((resolve, reject) => ([succeed, fail] = [resolve, reject]));
	return { work: async () => await ending, succeed, fail };
}

test('never more at a time than the limit, everybody in the order of asking', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 5 }),
			fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { maxLength: 30 }),
			async (limit, jobs) => {
				const slots = new Slots();
				const begun: number[] = [];
				let running = 0;
				let most = 0;
				const outcomes = await Promise.allSettled(
					jobs.map(async ([turns, succeeds], number) =>
						slots.hold(limit, async () => {
							begun.push(number);
							most = Math.max(most, ++running);
							for (let turn = 0; turn < turns; turn++) await settled();
							running--;
							if (!succeeds) throw new Error(`${number}`);
							return number;
						}),
					),
				);
				expect(most).toBeLessThanOrEqual(limit);
				expect(most).toBe(Math.min(limit, jobs.length));
				expect(begun).toEqual(jobs.map((_, number) => number));
				expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
					jobs.map(([, succeeds]) => succeeds),
				);
			},
		),
		{ numRuns: 60 },
	);
});

test('each caller has a limit of its own, and none overtakes', async () => {
	const slots = new Slots();
	const first = job();
	const log: string[] = [];
	const holding = slots.hold(5, first.work);
	const strict = slots.hold(1, async () => void log.push('strict'));
	const free = slots.hold(5, async () => void log.push('free'));
	await settled();
	expect(log).toEqual([]);
	first.succeed();
	await Promise.all([holding, strict, free]);
	expect(log).toEqual(['strict', 'free']);
});

test('end sends those away who wait, and those who come later', async () => {
	const slots = new Slots();
	const first = job();
	const work = jest.fn();
	const holding = slots.hold(1, first.work);
	const waiting = slots.hold(1, work);
	slots.end();
	await expect(waiting).rejects.toBeInstanceOf(Ended);
	await expect(slots.hold(1, work)).rejects.toBeInstanceOf(Ended);
	first.succeed();
	await holding;
	expect(work).not.toHaveBeenCalled();
});

test('a failure is told before the place goes to the next', async () => {
	const slots = new Slots();
	const first = job();
	const work = jest.fn();
	const holding = slots.hold(1, first.work, () => slots.end());
	const waiting = slots.hold(1, work);
	first.fail(new Error('broken'));
	await expect(holding).rejects.toThrow('broken');
	await expect(waiting).rejects.toBeInstanceOf(Ended);
	expect(work).not.toHaveBeenCalled();
});
