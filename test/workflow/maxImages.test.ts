import { agentWorkflow, batching, CONTINUE, prompt, tries, useSimulatedFixture } from './fixture';

/** "Max Images per Run": what a run may ask for in all, and that nothing is created beyond it. */

const fixture = useSimulatedFixture();

/** One item a number, which asks for that many images. */
const asking = (...numbers: number[]) =>
	numbers.map((n, index) => ({ prompt: `image ${index}`, n }));

const parameters = (maxImages: unknown, more: object = {}) => ({
	prompt,
	numberOfImages: '={{ $json.n }}',
	options: { maxImages },
	...more,
});

const TOO_MANY = "'Max Images per Run' is 5, but the items ask for 6 images";
const HOW_TO_ALLOW =
	"To allow more, raise 'Max Images per Run' or set it to 0, which means no limit.";

const OUTPUTS = [
	['continueRegularOutput', 0],
	['continueErrorOutput', 1],
] as const;

/** How many images were asked for in all creates. */
const imagesCreated = () =>
	fixture.emulator.creates().reduce((sum, { body }) => sum + ((body as { n?: number }).n ?? 1), 0);

describe('Stop Workflow', () => {
	test.each([
		['one image too many: nothing is created for any item', asking(1, 2, 3), {}],
		['nor for a single item that asks for too many', asking(6), {}],
		['nor without waiting', asking(1, 2, 3), { waitForCompletion: false }],
	])('%s', async (_what, items, more) => {
		const execution = await fixture.run(parameters(5, more), { items });
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain(TOO_MANY);
		expect(execution.error?.description).toContain('Nothing was created for any item.');
		expect(execution.error?.description).toContain(HOW_TO_ALLOW);
		expect(fixture.emulator.requests).toEqual([]);
	});
});

test.each([{}, CONTINUE, { onError: 'continueErrorOutput' } as const])(
	'exactly as many as allowed are created: %j',
	async (settings) => {
		const execution = await fixture.run(parameters(6), { items: asking(1, 2, 3), settings });
		expect(execution.status).toBe('success');
		expect(execution.items('Image')).toHaveLength(6);
		expect(imagesCreated()).toBe(6);
	},
);

describe.each(OUTPUTS)('%s', (onError, output) => {
	test('every item is a failed one, and nothing is created', async () => {
		const situation = { items: asking(1, 2, 3), settings: { onError } };
		const execution = await fixture.run(parameters(5), situation);
		expect(execution.status).toBe('success');
		const failed = execution.items('Image', output);
		expect(failed.map(({ json, pairedItem }) => [json, pairedItem])).toEqual(
			[0, 1, 2].map((item) => [
				// To the error output n8n adds the fields of the input item.
				{
					...(output === 1 && situation.items[item]),
					error: {
						message: `${TOO_MANY} [item ${item}]`,
						description: expect.stringContaining(HOW_TO_ALLOW),
					},
				},
				{ item },
			]),
		);
		expect(fixture.emulator.requests).toEqual([]);
	});

	test('an item with a bad parameter does not count', async () => {
		const situation = { items: asking(2, 99, 3), settings: { onError } };
		const execution = await fixture.run(parameters(5), situation);
		expect(execution.items('Image').filter(({ json }) => !json.error)).toHaveLength(5);
		expect(imagesCreated()).toBe(5);
	});
});

describe('later tries', () => {
	test('Retry On Fail: a run that passed is not refused, though items are resumed', async () => {
		const blocked = 'image 1 [failsWithContentBlocked]';
		const items = asking(2, 2, 2);
		items[1]!.prompt = blocked;
		const execution = await fixture.run(parameters(6), { items, settings: tries(3) });
		expect(execution.error?.message).toContain('CONTENT_BLOCKED');
		expect(fixture.createsByPrompt()).toEqual({ 'image 0': 1, [blocked]: 3, 'image 2': 1 });
	});

	test.each([
		['Retry On Fail', tries(2)],
		['Retry execution', {}],
	])('%s brings all images after a failed download', async (_button, settings) => {
		fixture.emulator.play('imageGoneOnce');
		let execution = await fixture.run(parameters(6), { items: asking(2, 2, 2), settings });
		if (execution.status === 'error') execution = await fixture.retry(execution);
		expect(execution.status).toBe('success');
		expect(execution.items('Image')).toHaveLength(6);
		expect(imagesCreated()).toBe(6);
	});

	test('a run that is refused creates nothing in any try, nor by "Retry execution"', async () => {
		const situation = { items: asking(1, 2, 3), settings: tries(3) };
		const again = await fixture.retry(await fixture.run(parameters(5), situation));
		expect(again.error?.message).toContain(TOO_MANY);
		expect(fixture.emulator.requests).toEqual([]);
	});
});

describe('Batching, where the items come one after the other', () => {
	const batched = parameters(5, batching(5));

	test.each(OUTPUTS)(
		'%s: what does not fit fails, a later smaller one is created',
		async (onError, output) => {
			const situation = { items: asking(3, 3, 2), settings: { onError } };
			const execution = await fixture.run(batched, situation);
			const failed = execution.items('Image', output).filter(({ json }) => json.error);
			expect(failed.map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
				[
					{
						message: "'Max Images per Run' is 5, but the items ask for at least 6 images [item 1]",
						description: expect.stringContaining('Nothing was created for this item.'),
					},
					{ item: 1 },
				],
			]);
			expect(fixture.createsByPrompt()).toEqual({ 'image 0': 1, 'image 2': 1 });
			const pictures = execution.items('Image').filter(({ json }) => !json.error);
			expect(pictures.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 0, 0, 2, 2].map((item) => ({ item })),
			);
		},
	);

	test.each([{}, tries(3)])('no create goes beyond the limit: %j', async (settings) => {
		const execution = await fixture.run(batched, { items: asking(3, 3, 2), settings });
		expect(execution.error?.message).toContain('but the items ask for at least 6 images [item 1]');
		expect(imagesCreated()).toBeLessThanOrEqual(5);
		expect(fixture.createsByPrompt()).not.toHaveProperty(['image 1']);
		for (const count of Object.values(fixture.createsByPrompt())) expect(count).toBe(1);
	});
});

test("Batching is the first item's, as for n8n: without it nothing is created beyond the limit", async () => {
	const batch = { batchSize: 1, batchInterval: '={{ $itemIndex }}' };
	const requestOptions = { batching: { batch } };
	const situation = { items: asking(1, 2, 3), settings: CONTINUE };
	await fixture.run(parameters(5, { requestOptions }), situation);
	expect(fixture.emulator.requests).toEqual([]);
});

test.each([0, '0', '={{ 0 }}', undefined])('no limit: %j', async (maxImages) => {
	const execution = await fixture.run(parameters(maxImages), { items: asking(10, 10, 10) });
	expect(execution.status).toBe('success');
	expect(imagesCreated()).toBe(30);
});

test.each([[1.5], [-1], ['many'], [null], [true]])(
	'a limit of %j is refused by its name before anything is sent',
	async (maxImages) => {
		const items = asking(1, 1).map((item) => ({ ...item, maxImages }));
		const execution = await fixture.run(parameters('={{ $json.maxImages }}'), { items });
		expect(execution.error?.message).toBe(
			"'Max Images per Run' must be a whole number of at least 0 [item 0]",
		);
		expect(execution.error?.description).toContain(`It is ${JSON.stringify(maxImages)}.`);
		expect(fixture.emulator.requests).toEqual([]);
	},
);

test('as the tool of an agent it bounds a single call', async () => {
	const workflow = agentWorkflow({
		prompt: "={{ $fromAI('prompt') }}",
		numberOfImages: "={{ $fromAI('n', '', 'number') }}",
		options: { maxImages: 2 },
	});
	const items = asking(2, 3, 2).map((json) => ({ json }));
	const execution = await fixture.startWorkflow(workflow, { items }).ended;
	expect(execution.error).toBeUndefined();
	const answers = execution.items('Agent').map(({ json }) => String(json.answer));
	expect(answers).toHaveLength(3);
	expect(answers[1]).toContain("'Max Images per Run' is 2, but the items ask for 3 images");
	expect(fixture.createsByPrompt()).toEqual({ 'image 0': 1, 'image 2': 1 });
});
