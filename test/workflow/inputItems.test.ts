import type { Execution } from '../harness/execution';
import { useSimulatedFixture } from './fixture';

/** Which input items become tasks, and how many of them are open at a time. */

/** The most tasks that were open at a time at the service, which only a create can raise. */
let mostOpen = 0;

const fixture = useSimulatedFixture({
	onAnswer({ call }) {
		if (call !== 'create') return;
		const open = [...fixture.emulator.tasks.values()].filter(({ ending }) => !ending);
		mostOpen = Math.max(mostOpen, open.length);
	},
});

beforeEach(() => (mostOpen = 0));

/** The input item that each output item is linked to. */
const inputItems = (execution: Execution) =>
	execution.rows('Image').map(({ pairedItem }) => (pairedItem as { item: number }).item);

test('no input items: nothing is done', async () => {
	const execution = await fixture.run({ prompt: 'x' }, { items: [] });
	expect(execution.rows('Image')).toEqual([]);
	expect(fixture.calls()).toEqual([]);
});

test('Execute Once: one task for all items', async () => {
	const settings = { executeOnce: true };
	const execution = await fixture.run({ prompt: 'x' }, { items: [{}, {}, {}], settings });
	expect(execution.rows('Image')).toHaveLength(1);
	expect(fixture.emulator.tasks.size).toBe(1);
});

describe("n8n's own Batching", () => {
	const batching = (batchSize: number, batchInterval: number) => ({
		prompt: '={{ $json.p }}',
		waitForCompletion: false,
		requestOptions: { batching: { batch: { batchSize, batchInterval } } },
	});

	test('items that start one after the other come out in their order', async () => {
		const items = [{ p: 'a' }, { p: 'b' }, { p: 'c' }];
		const execution = await fixture.run(batching(1, 20), { items });
		expect(inputItems(execution)).toEqual([0, 1, 2]);
		expect(fixture.emulator.tasks.size).toBe(3);
	});
});

describe('Max Tasks in Flight', () => {
	const items = Array.from({ length: 12 }, (_, number) => ({ prompt: `${number}` }));

	async function runAll(options: object): Promise<void> {
		const { emulator } = fixture;
		const execution = await fixture.run({ prompt: '={{ $json.prompt }}', options }, { items });
		// The items come in the order of the input, whichever task has ended first.
		expect(inputItems(execution)).toEqual(items.map((_, item) => item));
		const prompts = execution
			.rows('Image')
			.map(({ json }) => emulator.tasks.get(json.request_id as string)?.parameters.prompt);
		expect(prompts).toEqual(items.map(({ prompt }) => prompt));
		expect(emulator.creates()).toHaveLength(12);
	}

	test.each([1, 4])('%d: so many tasks are open at a time', async (maxTasksInFlight) => {
		for (const slow of ['1', '2']) fixture.emulator.play('slow', { prompt: slow });
		await runAll({ maxTasksInFlight });
		expect(mostOpen).toBe(maxTasksInFlight);
	});

	test('by default, ten tasks are open at a time', async () => {
		await runAll({});
		expect(mostOpen).toBe(10);
	});
});

describe('Max Images per Run', () => {
	const prompt = '={{ $json.prompt }}';
	const items = ['one', 'two', 'three'].map((name) => ({ prompt: name }));
	const parameters = (maxImages: number) => ({
		prompt,
		numberOfImages: 2,
		waitForCompletion: false,
		options: { maxImages },
	});

	test.each([0, 6, 100])('%d: six images are created', async (maxImages) => {
		const execution = await fixture.run(parameters(maxImages), { items });
		expect(execution.status).toBe('success');
		expect(fixture.emulator.creates()).toHaveLength(3);
	});

	test('5: where the items ask for six, nothing is created for any of them', async () => {
		const execution = await fixture.run(parameters(5), { items });
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toMatch(/\b6 images\b/);
		expect(fixture.emulator.requests).toEqual([]);
	});

	test('5, under Continue: nothing is created either, and each item says so', async () => {
		const settings = { onError: 'continueRegularOutput' } as const;
		const execution = await fixture.run(parameters(5), { items, settings });
		expect(execution.rows('Image').map(({ json }) => Object.keys(json))).toEqual(
			items.map(() => ['error']),
		);
		expect(fixture.emulator.requests).toEqual([]);
	});
});
