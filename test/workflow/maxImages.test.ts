import type { WorkflowJson } from '../harness/engine';
import { imageWorkflow, useSimulatedFixture } from './fixture';

/** "Max Images per Run": what a run may ask for in all, and that nothing is created beyond it. */

const fixture = useSimulatedFixture();

const BLOCKED = '[failsWithContentBlocked]';

/** One item a number, which asks for that many images. */
const asking = (...numbers: number[]) =>
	numbers.map((n, index) => ({ prompt: `image ${index}`, n }));

const parameters = (maxImages: unknown, more: object = {}) => ({
	prompt: '={{ $json.prompt }}',
	numberOfImages: '={{ $json.n }}',
	options: { maxImages },
	...more,
});

const tries = (maxTries: number) => ({ retryOnFail: true, maxTries, waitBetweenTries: 1 });
const BATCHED = { requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 5 } } } };

const TOO_MANY = "'Max Images per Run' is 5, but the items ask for 6 images";
const HOW_TO_ALLOW =
	"To allow more, raise 'Max Images per Run' or set it to 0, which means no limit.";

/** How many images were asked for in all creates. */
const imagesCreated = () =>
	fixture.emulator.creates().reduce((sum, { body }) => sum + ((body as { n?: number }).n ?? 1), 0);

describe('Stop Workflow', () => {
	test('one image too many: nothing is created for any item', async () => {
		const execution = await fixture.run(parameters(5), { items: asking(1, 2, 3) });
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain(TOO_MANY);
		expect(execution.error?.description).toContain('Nothing was created for any item.');
		expect(execution.error?.description).toContain(HOW_TO_ALLOW);
		expect(fixture.emulator.requests).toEqual([]);
	});

	test('exactly as many as allowed: all are created', async () => {
		const execution = await fixture.run(parameters(6), { items: asking(1, 2, 3) });
		expect(execution.status).toBe('success');
		expect(execution.rows('Image')).toHaveLength(6);
		expect(imagesCreated()).toBe(6);
	});

	test('a single item that asks for too many creates nothing', async () => {
		const execution = await fixture.run(parameters(5), { items: asking(6) });
		expect(execution.error?.message).toContain(TOO_MANY);
		expect(fixture.emulator.requests).toEqual([]);
	});

	test('nothing is created without waiting either', async () => {
		const more = { waitForCompletion: false };
		const execution = await fixture.run(parameters(5, more), { items: asking(1, 2, 3) });
		expect(execution.error?.message).toContain(TOO_MANY);
		expect(fixture.emulator.requests).toEqual([]);
	});
});

describe.each([
	['continueRegularOutput', 0],
	['continueErrorOutput', 1],
] as const)('%s', (onError, output) => {
	test('every item is a failed one, and nothing is created', async () => {
		const situation = { items: asking(1, 2, 3), settings: { onError } };
		const execution = await fixture.run(parameters(5), situation);
		expect(execution.status).toBe('success');
		const failed = execution.rows('Image', output);
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

	test('exactly as many as allowed: all are created', async () => {
		const situation = { items: asking(1, 2, 3), settings: { onError } };
		const execution = await fixture.run(parameters(6), situation);
		expect(execution.rows('Image')).toHaveLength(6);
		expect(imagesCreated()).toBe(6);
	});

	test('an item with a bad parameter does not count', async () => {
		const situation = { items: asking(2, 99, 3), settings: { onError } };
		const execution = await fixture.run(parameters(5), situation);
		const pictures = execution.rows('Image').filter(({ json }) => !json.error);
		expect(pictures).toHaveLength(5);
		expect(imagesCreated()).toBe(5);
	});
});

describe('later tries', () => {
	test('Retry On Fail: a run that passed is not refused, though items are resumed', async () => {
		const items = [
			{ prompt: 'an apple', n: 2 },
			{ prompt: `a pear ${BLOCKED}`, n: 2 },
			{ prompt: 'a plum', n: 2 },
		];
		const execution = await fixture.run(parameters(6), { items, settings: tries(3) });
		expect(execution.error?.message).toContain('CONTENT_BLOCKED');
		expect(fixture.createsByPrompt()).toEqual({
			'an apple': 1,
			[`a pear ${BLOCKED}`]: 3,
			'a plum': 1,
		});
	});

	test('Retry On Fail: the try after a failed download brings all images', async () => {
		fixture.emulator.play('imageGoneOnce');
		const situation = { items: asking(2, 2, 2), settings: tries(2) };
		const execution = await fixture.run(parameters(6), situation);
		expect(execution.status).toBe('success');
		expect(execution.rows('Image')).toHaveLength(6);
		expect(imagesCreated()).toBe(6);
	});

	test('Retry On Fail: a run that is refused creates nothing in any try', async () => {
		const situation = { items: asking(1, 2, 3), settings: tries(3) };
		const execution = await fixture.run(parameters(5), situation);
		expect(execution.error?.message).toContain(TOO_MANY);
		expect(fixture.emulator.requests).toEqual([]);
	});

	test('"Retry execution" resumes a run that passed', async () => {
		fixture.emulator.play('imageGoneOnce');
		const execution = await fixture.run(parameters(6), { items: asking(2, 2, 2) });
		expect(execution.status).toBe('error');
		const again = await fixture.retry(execution);
		expect(again.status).toBe('success');
		expect(again.rows('Image')).toHaveLength(6);
		for (const count of Object.values(fixture.createsByPrompt())) expect(count).toBe(1);
	});

	test('"Retry execution" refuses again', async () => {
		const execution = await fixture.run(parameters(5), { items: asking(1, 2, 3) });
		const again = await fixture.retry(execution);
		expect(again.error?.message).toContain(TOO_MANY);
		expect(fixture.emulator.requests).toEqual([]);
	});
});

describe('Batching, where the items come one after the other', () => {
	test.each([
		['continueRegularOutput', 0],
		['continueErrorOutput', 1],
	] as const)(
		'%s: what does not fit fails, a later smaller one is created',
		async (onError, output) => {
			const situation = { items: asking(3, 3, 2), settings: { onError } };
			const execution = await fixture.run(parameters(5, BATCHED), situation);
			const failed = execution.rows('Image', output).filter(({ json }) => json.error);
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
			expect(imagesCreated()).toBe(5);
			const pictures = execution.rows('Image').filter(({ json }) => !json.error);
			expect(pictures.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 0, 0, 2, 2].map((item) => ({ item })),
			);
		},
	);

	test('Stop Workflow: no create goes beyond the limit', async () => {
		const execution = await fixture.run(parameters(5, BATCHED), { items: asking(3, 3, 2) });
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('but the items ask for at least 6 images [item 1]');
		expect(Object.keys(fixture.createsByPrompt())).not.toContain('image 1');
		expect(imagesCreated()).toBeLessThanOrEqual(5);
	});

	test('Retry On Fail: what was created counts once', async () => {
		const situation = { items: asking(3, 3, 2), settings: tries(3) };
		const execution = await fixture.run(parameters(5, BATCHED), situation);
		expect(execution.status).toBe('error');
		expect(imagesCreated()).toBeLessThanOrEqual(5);
		for (const count of Object.values(fixture.createsByPrompt())) expect(count).toBe(1);
	});
});

test("Batching is the first item's, as for n8n: without it nothing is created beyond the limit", async () => {
	const batch = { batchSize: 1, batchInterval: '={{ $itemIndex }}' };
	const requestOptions = { batching: { batch } };
	const settings = { onError: 'continueRegularOutput' } as const;
	await fixture.run(parameters(5, { requestOptions }), { items: asking(1, 2, 3), settings });
	expect(fixture.emulator.requests).toEqual([]);
});

describe('no limit', () => {
	test.each([0, '0', '={{ 0 }}'])('%j', async (maxImages) => {
		const execution = await fixture.run(parameters(maxImages), { items: asking(10, 10, 10) });
		expect(execution.status).toBe('success');
		expect(imagesCreated()).toBe(30);
	});

	test('nor where the option was not added', async () => {
		const execution = await fixture.run(parameters(undefined), { items: asking(10, 10) });
		expect(imagesCreated()).toBe(20);
		expect(execution.status).toBe('success');
	});
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
	const workflow: WorkflowJson = imageWorkflow({
		prompt: "={{ $fromAI('prompt') }}",
		numberOfImages: "={{ $fromAI('n', '', 'number') }}",
		options: { maxImages: 2 },
	});
	const [start, image] = workflow.nodes;
	image!.type += 'Tool';
	workflow.nodes.push({ ...start!, id: 'Agent', name: 'Agent', type: 'test.toolCaller' });
	workflow.connections = {
		Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
		Image: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
	};
	const execution = await fixture.startWorkflow(workflow, {
		items: asking(2, 3, 2).map((json) => ({ json })),
	}).ended;
	expect(execution.error).toBeUndefined();
	const answers = execution.rows('Agent').map(({ json }) => String(json.answer));
	expect(answers).toHaveLength(3);
	expect(answers[1]).toContain("'Max Images per Run' is 2, but the items ask for 3 images");
	expect(fixture.createsByPrompt()).toEqual({ 'image 0': 1, 'image 2': 1 });
});
