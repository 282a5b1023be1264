import type { WorkflowJson } from '../engine/engine';
import type { Execution } from '../engine/execution';
import { imageWorkflow, useBench } from './bench';

/** Runs of which an item fails: what is created again, what is kept, and what is told of it. */

jest.mock('../../nodes/GptImage1/run/clock', () => jest.requireActual('./hastyClock'));

const bench = useBench();

const prompt = '={{ $json.prompt }}';
const BLOCKED = 'a pear [failsWithContentBlocked]';
const items = [{ prompt: 'an apple' }, { prompt: BLOCKED }, { prompt: 'a plum' }];

const tries = (maxTries: number) => ({ retryOnFail: true, maxTries, waitBetweenTries: 1 });
const CONTINUE = { onError: 'continueRegularOutput' } as const;
const ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

/** What "Retry execution" in the executions list does. */
const retry = async (execution: Execution) =>
	await bench.engine.retry(execution, { credential: bench.credential }).ended;

/** How often a task was created for each prompt. */
const created = () => {
	const count: Record<string, number> = {};
	for (const { body } of bench.emulator.creates()) {
		const { prompt: name } = body as { prompt: string };
		count[name] = (count[name] ?? 0) + 1;
	}
	return count;
};

const idOf = (name: string) =>
	[...bench.emulator.tasks.values()].filter(({ parameters }) => parameters.prompt === name).at(-1)!
		.id;

describe('no task is created twice', () => {
	test('Retry On Fail: of three items one always fails, three tries, five creates', async () => {
		const execution = await bench.run({ prompt }, { items, settings: tries(3) });
		expect(execution.status).toBe('error');
		expect(created()).toEqual({ 'an apple': 1, [BLOCKED]: 3, 'a plum': 1 });

		const again = await retry(execution);
		expect(again.status).toBe('error');
		// Three tries more of the one that fails, and nothing else.
		expect(created()).toEqual({ 'an apple': 1, [BLOCKED]: 6, 'a plum': 1 });
	});

	test('"Retry execution" delivers what was finished and creates what has failed', async () => {
		bench.emulator.play('failsWithInferenceFailure', { nth: 2 });
		const names = [{ prompt: 'one' }, { prompt: 'two' }, { prompt: 'three' }];
		const execution = await bench.run({ prompt }, { items: names });
		expect(execution.status).toBe('error');
		expect(execution.rows('Image')).toEqual([]);
		expect(created()).toEqual({ one: 1, two: 1, three: 1 });

		const again = await retry(execution);
		expect(again.status).toBe('success');
		expect(created()).toEqual({ one: 1, two: 2, three: 1 });
		for (const [item, row] of again.rows('Image').entries()) {
			expect(row.pairedItem).toEqual({ item });
			expect(row.json.request_id).toBe(idOf(names[item]!.prompt));
			expect(await bench.file(row)).toEqual(await bench.picture(row.json.request_id));
		}
	});

	test('a failed download', async () => {
		bench.emulator.play('imageGoneOnce');
		const execution = await bench.run({ prompt: 'an apple' }, { settings: tries(2) });
		expect(execution.status).toBe('success');
		expect(execution.rows('Image')).toHaveLength(1);
		expect(created()).toEqual({ 'an apple': 1 });
		const going = execution.logs.filter(({ message }) => /task of an earlier try/.test(message));
		expect(going).toHaveLength(1);
	});

	test('a failed status, result or wait', async () => {
		const { emulator } = bench;
		emulator.answerNext('status', { status: 403, body: { detail: 'Not now' } });
		emulator.answerNext('result', { status: 403, body: { detail: 'Not now' } });
		emulator.play('slow');
		const options = { timeout: 3, pollInterval: 1 };
		const parameters = { prompt: 'an apple', options };
		const execution = await bench.run(parameters, { settings: tries(5) });
		expect(execution.status).toBe('success');
		expect(created()).toEqual({ 'an apple': 1 });
	});

	test('under Continue, where n8n runs the node again if the first row has failed', async () => {
		const [apple, pear, plum] = items;
		const settings = { ...CONTINUE, ...tries(3) };
		const execution = await bench.run({ prompt }, { items: [pear!, apple!, plum!], settings });
		expect(execution.rows('Image')).toHaveLength(3);
		expect(created()).toEqual({ 'an apple': 1, [BLOCKED]: 3, 'a plum': 1 });
	});

	test('a create without an answer: not by Retry On Fail, but by "Retry execution"', async () => {
		bench.emulator.play('createAcceptedButDropped');
		const execution = await bench.run({ prompt: 'an apple' }, { settings: tries(3) });
		expect(execution.error?.message).toBe(
			'An earlier try created a task and got no answer, so this try does not create another',
		);
		expect(execution.error?.description).toContain('may have been accepted');
		expect(created()).toEqual({ 'an apple': 1 });

		const again = await retry(execution);
		expect(again.status).toBe('success');
		expect(created()).toEqual({ 'an apple': 2 });
	});

	test('a create that was refused is sent again by every try', async () => {
		bench.emulator.answerNext('create', { status: 402, body: {} }, 2);
		const execution = await bench.run({ prompt: 'an apple' }, { settings: tries(3) });
		expect(execution.status).toBe('success');
		expect(created()).toEqual({ 'an apple': 3 });
		expect(bench.emulator.tasks.size).toBe(1);
	});
});

describe('a new task is made', () => {
	test('for another body', async () => {
		const options = { timeout: 1 };
		bench.emulator.play('stuckInQueue');
		const parameters = { prompt: '=an apple, {{ $execution.id }}', options };
		const execution = await bench.run(parameters);
		expect(execution.error?.message).toContain('had not ended after 1 second');
		const again = await retry(execution);
		expect(Object.keys(created())).toEqual([`an apple, ${execution.id}`, `an apple, ${again.id}`]);
	});

	test('for another run of the node in the same execution', async () => {
		const workflow: WorkflowJson = imageWorkflow({ prompt: 'an apple' }, tries(2));
		const image = { node: 'Image', type: 'main', index: 0 } as const;
		for (const name of ['Left', 'Right']) {
			workflow.nodes.push({ ...workflow.nodes[0]!, id: name, name, type: 'n8n-nodes-base.noOp' });
			workflow.connections[name] = { main: [[image]] };
		}
		workflow.connections.Start = {
			main: [['Left', 'Right'].map((node) => ({ ...image, node }))],
		};
		bench.emulator.play('imageGoneOnce', { times: 2 });
		const { credential } = bench;
		const execution = await bench.engine.run(workflow, { credential: credential });
		expect(execution.status).toBe('success');
		const runs = [0, 1].map((run) => execution.rows('Image', 0, run)[0]?.json.request_id);
		expect(new Set(runs).size).toBe(2);
		expect(created()).toEqual({ 'an apple': 2 });
	});

	test('for another item with the same prompt', async () => {
		await bench.run({ prompt: 'an apple' }, { items: [{}, {}] });
		expect(created()).toEqual({ 'an apple': 2 });
	});

	test('for another execution', async () => {
		await bench.run({ prompt: 'an apple' });
		await bench.run({ prompt: 'an apple' });
		expect(created()).toEqual({ 'an apple': 2 });
	});

	test('when On Timeout has cancelled the one before', async () => {
		bench.emulator.play('stuckInQueue');
		const options = { timeout: 30, onTimeout: 'cancel' };
		const parameters = { prompt: 'an apple', options };
		const execution = await bench.run(parameters, { settings: tries(2) });
		expect(execution.status).toBe('success');
		expect(created()).toEqual({ 'an apple': 2 });
	});

	test('when somebody else has cancelled the one before', async () => {
		bench.emulator.play('cancelledElsewhere');
		const execution = await bench.run({ prompt: 'an apple' }, { settings: tries(2) });
		expect(execution.status).toBe('success');
		expect(created()).toEqual({ 'an apple': 2 });
	});
});

test('what is kept of the tasks in the execution is short and holds no prompt', async () => {
	const execution = await bench.run({ prompt }, { items, settings: CONTINUE });
	const kept = execution.data.executionData!.contextData['node:Image']!;
	const tasks = Object.values(kept.tasks as object) as Array<{ id: string; born: number }>;
	expect(tasks.map(({ id }) => id).sort()).toEqual([idOf('an apple'), idOf('a plum')].sort());
	const text = JSON.stringify(kept);
	expect(text.length).toBeLessThan(500);
	for (const word of ['apple', 'plum', bench.emulator.key]) expect(text).not.toContain(word);
});

describe('partial success', () => {
	const blockedRow = (item: number) => ({
		json: {
			error: {
				message: `Task ${idOf(BLOCKED)} was blocked by the safety policy (CONTENT_BLOCKED)`,
				description: expect.stringContaining('Change the prompt.'),
				request_id: idOf(BLOCKED),
				state: 'failed',
				error_type: 'CONTENT_BLOCKED',
			},
		},
		pairedItem: { item },
	});

	test('Continue: the failed row stands in its place', async () => {
		const execution = await bench.run({ prompt }, { items, settings: CONTINUE });
		expect(execution.status).toBe('success');
		const rows = execution.rows('Image');
		expect(rows).toHaveLength(3);
		expect(rows[1]).toEqual(blockedRow(1));
		for (const item of [0, 2]) {
			expect(rows[item]?.pairedItem).toEqual({ item });
			expect(rows[item]?.json.request_id).toBe(idOf(items[item]!.prompt));
			expect(await bench.file(rows[item])).toEqual(
				await bench.picture(rows[item]!.json.request_id),
			);
		}
	});

	test('Continue (using error output): the failed row goes there', async () => {
		const execution = await bench.run({ prompt }, { items, settings: ERROR_OUTPUT });
		expect(execution.status).toBe('success');
		expect(execution.rows('Image', 0).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 2 },
		]);
		const [failed, ...more] = execution.rows('Image', 1);
		expect(more).toEqual([]);
		expect(failed?.json).toMatchObject(blockedRow(1).json);
		expect(failed?.pairedItem).toMatchObject({ item: 1 });
	});

	test.each([
		['a refused parameter', { prompt: '' }, /'Prompt' must say what .* \[item 1\]$/],
		['an expression that fails', {}, /./],
	])('Continue: %s is a row of its own', async (_what, item, message) => {
		const parameters = { prompt: '={{ $json.prompt.trim() }}' };
		const input = [{ prompt: 'one' }, item, { prompt: 'three' }];
		const execution = await bench.run(parameters, { items: input, settings: CONTINUE });
		const rows = execution.rows('Image');
		expect(rows.map(({ json }) => json.request_id)).toEqual([
			idOf('one'),
			undefined,
			idOf('three'),
		]);
		expect(JSON.stringify(rows[1])).toMatch(/error/);
		const { error } = rows[1]!.json as { error?: string | { message: string } };
		expect(typeof error === 'object' ? error.message : String(rows[1]?.error?.message)).toMatch(
			message,
		);
		expect(created()).toEqual({ one: 1, three: 1 });
	});

	test.each<[string, object, object]>([
		['402', { status: 402, body: { detail: 'Empty' } }, { http_code: 402 }],
		['500', { status: 500, body: {} }, { http_code: 500 }],
		['a broken line', { status: 200, body: '<html>' }, {}],
	])('Continue: a create answered by %s has no id to name', async (_what, answer, known) => {
		bench.emulator.answerNext('create', answer as never);
		const execution = await bench.run({ prompt: 'x' }, { settings: CONTINUE });
		expect(execution.rows('Image')).toEqual([
			{
				json: {
					error: { message: expect.any(String), description: expect.any(String), ...known },
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('by default, the error names the request ids of the other items', async () => {
		const execution = await bench.run({ prompt }, { items });
		expect(execution.status).toBe('error');
		expect(execution.rows('Image')).toEqual([]);
		expect(execution.error?.message).toBe(
			`Task ${idOf(BLOCKED)} was blocked by the safety policy (CONTENT_BLOCKED)`,
		);
		const { description } = execution.error!;
		expect(description).toContain('"Retry execution" goes on with them');
		expect(description).toContain(`Their request IDs: ${idOf('an apple')}, ${idOf('a plum')}`);
		expect(description!.split(idOf(BLOCKED))).toHaveLength(1);
	});

	test('by default, a failure ends the items that wait; they create nothing more', async () => {
		const options = { maxTasksInFlight: 1 };
		const input = [{ prompt: BLOCKED }, { prompt: 'two' }, { prompt: 'three' }];
		const execution = await bench.run({ prompt, options }, { items: input });
		expect(execution.error?.message).toBe(
			`Task ${idOf(BLOCKED)} was blocked by the safety policy (CONTENT_BLOCKED)`,
		);
		expect(created()).toEqual({ [BLOCKED]: 1 });
		expect(execution.error?.description).not.toContain('request IDs');
	});

	test('a message is not rewritten by n8n for a system code in it', async () => {
		bench.emulator.answerNext('create', {
			status: 200,
			body: { request_id: 'preEEXISTing_ENOTFOUND' },
		});
		bench.emulator.answerNext('status', { status: 403, body: { detail: 'ECONNREFUSED' } });
		const execution = await bench.run({ prompt: 'an apple' });
		expect(execution.error?.message).toBe(
			'SeaArt Cloud does not let this key do that while asking for the status of task preEEXISTing_ENOTFOUND (HTTP 403)',
		);
	});
});
