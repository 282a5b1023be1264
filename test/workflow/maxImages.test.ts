import { batching, CONTINUE, ERROR_OUTPUT, prompt, tries, useSimulatedFixture } from './fixture';
import { agentWorkflow } from './workflows';

/** "Max Images per Run": what a run may ask for in all, and that nothing is created beyond it. */

const fixture = useSimulatedFixture();

/** One item a number, which asks for that many images. */
const asking = (...numbers: number[]) =>
	numbers.map((n, index) => ({ prompt: `image ${index}`, n }));

const parameters = (maxImages: unknown, more: object = {}) => ({
	...{ prompt, numberOfImages: '={{ $json.n }}', options: { maxImages } },
	...more,
});

const TOO_MANY = "'Max Images per Run' is 5, but the items ask for 6 images";
const HOW_TO_ALLOW =
	"To allow more, raise 'Max Images per Run' or set it to 0, which means no limit.";

/** How many images were asked for in all creates. */
const imagesCreated = () =>
	fixture.requests('create').reduce((sum, { body }) => sum + ((body as { n?: number }).n ?? 1), 0);

test.each([
	['one image too many: nothing is created for any item', asking(1, 2, 3), {}],
	['nor without waiting', asking(1, 2, 3), { waitForCompletion: false }],
])('Stop Workflow, %s', async (_what, items, more) => {
	const execution = await fixture.run(parameters(5, more), { items });
	const message = expect.stringContaining(TOO_MANY);
	fixture.expectError(execution, message, 'Nothing was created for any item.', HOW_TO_ALLOW);
	expect(fixture.requests()).toEqual([]);
});

describe.each([
	['Continue', CONTINUE, 0],
	['Continue (using error output)', ERROR_OUTPUT, 1],
])('%s', (_name, settings, output) => {
	test('every item is a failed one, and nothing is created', async () => {
		const items = asking(1, 2, 3);
		const execution = await fixture.run(parameters(5), { items, settings });
		expect(execution.status).toBe('success');
		const failed = execution.items('Image', output);
		expect(failed.map(({ json, pairedItem }) => [json.error, pairedItem])).toMatchObject(
			items.map((_, item) => [{ message: `${TOO_MANY} [item ${item}]` }, { item }]),
		);
		expect(fixture.requests()).toEqual([]);
	});

	test('an item with a bad parameter does not count', async () => {
		const execution = await fixture.run(parameters(5), { items: asking(2, 99, 3), settings });
		expect(execution.items('Image').filter(({ json }) => !json.error)).toHaveLength(5);
		expect(imagesCreated()).toBe(5);
	});

	test('Batching: what does not fit fails, a later smaller one is created', async () => {
		const situation = { items: asking(3, 3, 2), settings };
		const execution = await fixture.run(parameters(5, batching(5)), situation);
		const failed = execution.items('Image', output).filter(({ json }) => json.error);
		const error = {
			message: "'Max Images per Run' is 5, but the items ask for at least 6 images [item 1]",
			description: expect.stringContaining('Nothing was created for this item.'),
		};
		expect(failed).toMatchObject([{ json: { error }, pairedItem: { item: 1 } }]);
		expect(fixture.createsByPrompt()).toEqual({ 'image 0': 1, 'image 2': 1 });
		expect(imagesCreated()).toBe(5);
	});
});

test.each([
	['exactly as many as allowed', 6, [1, 2, 3]],
	['any number, as 0 as text is no limit', '0', [10, 10, 10]],
	['any number, where nothing is set', undefined, [10, 10, 10]],
])('%s: all are created', async (_what, maxImages, numbers) => {
	const execution = await fixture.run(parameters(maxImages), { items: asking(...numbers) });
	expect(execution.status).toBe('success');
	expect(imagesCreated()).toBe(numbers.reduce((sum, number) => sum + number));
});

test.each([
	['Retry On Fail', tries(2)],
	['Retry execution', {}],
])('%s brings all images after a failed download', async (_button, settings) => {
	fixture.emulator.play('imageGoneOnce');
	let execution = await fixture.run(parameters(6), { items: asking(2, 2, 2), settings });
	if (execution.status === 'error') execution = await fixture.retry(execution);
	expect(execution.items('Image')).toHaveLength(6);
	expect(imagesCreated()).toBe(6);
});

test("Batching is the first item's, as for n8n: without it nothing is created beyond the limit", async () => {
	const situation = { items: asking(1, 2, 3), settings: CONTINUE };
	await fixture.run(parameters(5, batching('={{ $itemIndex }}')), situation);
	expect(fixture.requests()).toEqual([]);
});

test('as the tool of an agent it bounds a single call', async () => {
	const workflow = agentWorkflow({
		prompt: "={{ $fromAI('prompt') }}",
		numberOfImages: "={{ $fromAI('n', '', 'number') }}",
		options: { maxImages: 2 },
	});
	const execution = await fixture.startWorkflow(workflow, { items: asking(2, 3, 2) }).ended;
	const answers = execution.items('Agent').map(({ json }) => String(json.answer));
	expect(answers).toHaveLength(3);
	expect(answers[1]).toContain("'Max Images per Run' is 2, but the items ask for 3 images");
	expect(fixture.createsByPrompt()).toEqual({ 'image 0': 1, 'image 2': 1 });
});
