import { CONTINUE, FORBIDDEN, NO_CREDITS, prompt, useSimulatedFixture } from './fixture';

/** Runs of which one item fails: what becomes of the others, and what the user reads. */

const fixture = useSimulatedFixture();

const BLOCKED = 'a pear [failsWithContentBlocked]';
const items = [{ prompt: 'an apple' }, { prompt: BLOCKED }, { prompt: 'a plum' }];

const blockedItem = (item: number) => ({
	json: {
		error: {
			message: `Task ${fixture.requestIdFor(BLOCKED)} was blocked by the safety policy (CONTENT_BLOCKED) [item ${item}]`,
			description: expect.stringContaining("Change 'Prompt' and run this item again."),
			request_id: fixture.requestIdFor(BLOCKED),
			state: 'failed',
			error_type: 'CONTENT_BLOCKED',
		},
	},
	pairedItem: { item },
});

test('Continue: the failed item stands in its place', async () => {
	const execution = await fixture.run({ prompt }, { items, settings: CONTINUE });
	expect(execution.status).toBe('success');
	const outputItems = execution.items('Image');
	expect(outputItems).toHaveLength(3);
	expect(outputItems[1]).toEqual(blockedItem(1));
	for (const item of [0, 2]) {
		expect(outputItems[item]?.pairedItem).toEqual({ item });
		expect(outputItems[item]?.json.request_id).toBe(fixture.requestIdFor(items[item]!.prompt));
		expect(await fixture.file(outputItems[item])).toEqual(
			await fixture.picture(outputItems[item]!.json.request_id),
		);
	}
	const task = `ask ${fixture.requestIdFor(BLOCKED)}`;
	const warnings = execution.logs.filter(({ level }) => level === 'warn');
	expect(warnings.map(({ message }) => message.replace(/execution \S+,/, 'execution ID,'))).toEqual(
		[
			`SeaArt GPT Image 1: failed: T${task} was blocked by the safety policy (CONTENT_BLOCKED) (t${task}, execution ID, item 1)`,
		],
	);
});

test('Continue (using error output): the failed item goes there', async () => {
	const settings = { onError: 'continueErrorOutput' } as const;
	const execution = await fixture.run({ prompt }, { items, settings });
	expect(execution.status).toBe('success');
	expect(execution.items('Image', 0).map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 2 },
	]);
	const [failed, ...more] = execution.items('Image', 1);
	expect(more).toEqual([]);
	expect(failed?.json).toMatchObject(blockedItem(1).json);
	expect(failed?.pairedItem).toMatchObject({ item: 1 });
});

test.each([
	['a refused parameter', { prompt: '' }, /^'Prompt' is empty \[item 1\]$/],
	['an expression that fails', {}, /./],
])('Continue: %s is an item of its own', async (_what, item, message) => {
	const parameters = { prompt: '={{ $json.prompt.trim() }}' };
	const input = [{ prompt: 'one' }, item, { prompt: 'three' }];
	const execution = await fixture.run(parameters, { items: input, settings: CONTINUE });
	const outputItems = execution.items('Image');
	expect(outputItems.map(({ json }) => json.request_id)).toEqual([
		fixture.requestIdFor('one'),
		undefined,
		fixture.requestIdFor('three'),
	]);
	const { error = outputItems[1]?.error } = outputItems[1]!.json as { error?: { message: string } };
	expect(error?.message).toMatch(message);
	expect(fixture.createsByPrompt()).toEqual({ one: 1, three: 1 });
});

test.each<[string, object, object]>([
	['402', NO_CREDITS, { http_code: 402 }],
	['500', { status: 500, body: {} }, { http_code: 500 }],
	['a broken line', { status: 200, body: '<html>' }, {}],
])('Continue: a create answered by %s has no request ID to name', async (_what, answer, known) => {
	fixture.emulator.answerNext('create', answer as never);
	const execution = await fixture.run({ prompt: 'x' }, { settings: CONTINUE });
	const error = { message: expect.any(String), description: expect.any(String), ...known };
	expect(execution.items('Image')).toEqual([{ json: { error }, pairedItem: { item: 0 } }]);
});

test('by default, the error names the request IDs of the other items', async () => {
	const execution = await fixture.run({ prompt }, { items });
	expect(execution.status).toBe('error');
	expect(execution.items('Image')).toEqual([]);
	expect(execution.error?.message).toBe(
		`Task ${fixture.requestIdFor(BLOCKED)} was blocked by the safety policy (CONTENT_BLOCKED) [item 1]`,
	);
	const { description } = execution.error!;
	expect(description).toContain("Select 'Retry execution' on this execution to continue them");
	expect(description).toContain(
		`Their request IDs: ${fixture.requestIdFor('an apple')}, ${fixture.requestIdFor('a plum')}`,
	);
	expect(description).not.toContain(fixture.requestIdFor(BLOCKED));
	expect(fixture.requests('cancel')).toEqual([]);
});

test('by default, the error names the items whose creates got no clear answer', async () => {
	const names = ['a pear [insufficientCredits]', 'an apple', 'a plum [createAcceptedButDropped]'];
	const input = names.map((name) => ({ prompt: name }));
	const execution = await fixture.run({ prompt }, { items: input });
	expect(execution.error?.message).toContain('balance is too low (HTTP 402) [item 0]');
	expect(execution.error?.description).toContain(
		`Their request IDs: ${fixture.requestIdFor('an apple')}\n\nIt is not clear`,
	);
	expect(execution.error?.description).toContain('of these items were created: 2. Check');
});

test('by default, a failure ends the items that wait; they create nothing more', async () => {
	const options = { maxTasksInFlight: 1 };
	const input = [{ prompt: BLOCKED }, { prompt: 'two' }, { prompt: 'three' }];
	const execution = await fixture.run({ prompt, options }, { items: input });
	expect(execution.error?.message).toBe(
		`Task ${fixture.requestIdFor(BLOCKED)} was blocked by the safety policy (CONTENT_BLOCKED) [item 0]`,
	);
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
