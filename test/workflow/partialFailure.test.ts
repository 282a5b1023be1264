import {
	CONTINUE,
	ERROR_OUTPUT,
	FORBIDDEN,
	prompt,
	useSimulatedFixture,
	warnings,
} from './fixture';

/** Runs of which one item fails: what becomes of the others, and what the user reads. */

const fixture = useSimulatedFixture();

const BLOCKED = 'a pear [failsWithContentBlocked]';
const items = [{ prompt: 'an apple' }, { prompt: BLOCKED }, { prompt: 'a plum' }];

const blockedMessage = (item: number) =>
	`Task ${fixture.requestIdFor(BLOCKED)} was blocked by the safety policy (CONTENT_BLOCKED) [item ${item}]`;

const blockedItem = () => ({
	json: {
		error: {
			message: blockedMessage(1),
			description: expect.stringContaining("Change 'Prompt' and run this item again."),
			request_id: fixture.requestIdFor(BLOCKED),
			state: 'failed',
			error_type: 'CONTENT_BLOCKED',
		},
	},
	pairedItem: { item: 1 },
});

test('Continue: the failed item stands in its place', async () => {
	const execution = await fixture.run({ prompt }, { items, settings: CONTINUE });
	expect(execution.status).toBe('success');
	const [apple, pear, plum, ...more] = execution.items('Image');
	expect([pear, more]).toEqual([blockedItem(), []]);
	expect([apple, plum]).toMatchObject([
		{ json: { request_id: fixture.requestIdFor('an apple') }, pairedItem: { item: 0 } },
		{ json: { request_id: fixture.requestIdFor('a plum') }, pairedItem: { item: 2 } },
	]);
	await fixture.expectItsFile(apple);
	await fixture.expectItsFile(plum);
	const task = `ask ${fixture.requestIdFor(BLOCKED)}`;
	const failed = `failed: T${task} was blocked by the safety policy (CONTENT_BLOCKED)`;
	expect(warnings(execution)).toEqual([
		`SeaArt GPT Image 1: ${failed} (t${task}, execution ${execution.id}, item 1)`,
	]);
});

test('Continue (using error output): the failed item goes there', async () => {
	const execution = await fixture.run({ prompt }, { items, settings: ERROR_OUTPUT });
	expect(execution.status).toBe('success');
	const links = execution.items('Image', 0).map(({ pairedItem }) => pairedItem);
	expect(links).toEqual([{ item: 0 }, { item: 2 }]);
	expect(execution.items('Image', 1)).toMatchObject([blockedItem()]);
});

test.each([
	['a refused parameter', { prompt: '' }, "'Prompt' is empty [item 1]"],
	['an expression that fails', {}, expect.any(String)],
])('Continue: %s is an item of its own', async (_what, item, message) => {
	const parameters = { prompt: '={{ $json.prompt.trim() }}' };
	const input = [{ prompt: 'one' }, item, { prompt: 'three' }];
	const execution = await fixture.run(parameters, { items: input, settings: CONTINUE });
	const [one, failed, three] = execution.items('Image');
	expect([one, three].map((image) => image?.json.request_id)).toEqual(
		['one', 'three'].map((name) => fixture.requestIdFor(name)),
	);
	expect(failed?.json.error ?? failed?.error).toMatchObject({ message });
	expect(fixture.createsByPrompt()).toEqual({ one: 1, three: 1 });
});

test('by default, the error names the request IDs of the other items', async () => {
	const execution = await fixture.run({ prompt }, { items });
	fixture.expectError(
		execution,
		blockedMessage(1),
		"Select 'Retry execution' on this execution to continue them",
		`Their request IDs: ${fixture.requestIdFor('an apple')}, ${fixture.requestIdFor('a plum')}`,
	);
	expect(execution.error?.description).not.toContain(fixture.requestIdFor(BLOCKED));
	expect(fixture.requests('cancel')).toEqual([]);
});

test('by default, a failure ends the items that wait; they create nothing more', async () => {
	const options = { maxTasksInFlight: 1 };
	const input = [{ prompt: BLOCKED }, { prompt: 'two' }, { prompt: 'three' }];
	const execution = await fixture.run({ prompt, options }, { items: input });
	expect(execution.error?.message).toBe(blockedMessage(0));
	expect(fixture.createsByPrompt()).toEqual({ [BLOCKED]: 1 });
	expect(execution.error?.description).not.toContain('request IDs');
});

test('by default, a failed download ends the items that wait', async () => {
	const input = [{ prompt: 'a pear [imageGone]' }, { prompt: 'an apple [stuckInQueue]' }];
	const execution = await fixture.run({ prompt, options: { pollInterval: 1 } }, { items: input });
	expect(execution.error?.message).toContain('Could not download image 1');
	// Its time-out is ten minutes.
	expect(fixture.counts().statuses).toBeLessThan(100);
});

test('a message is not rewritten by n8n for a system code in it', async () => {
	const body = { request_id: 'preEEXISTing_ENOTFOUND' };
	fixture.emulator.answerNext('create', { status: 200, body });
	fixture.emulator.answerNext('status', { ...FORBIDDEN, body: { detail: 'ECONNREFUSED' } });
	const execution = await fixture.run({ prompt: 'an apple' });
	expect(execution.error?.message).toBe(
		"Could not get the status of task preEEXISTing_ENOTFOUND: this API key can't use GPT Image 1 (HTTP 403) [item 0]",
	);
});
