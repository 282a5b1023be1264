import type { ScenarioName } from '../emulator';
import { useBench } from './bench';

/** Waiting for the end of a task, whatever the service says on the way. */

jest.mock('../../nodes/GptImage1/run/clock', () => jest.requireActual('./hastyClock'));

const bench = useBench();

const onlyTask = () => [...bench.emulator.tasks.values()][0]!;

async function generate(scenario: ScenarioName, options: object = {}) {
	bench.emulator.play(scenario);
	return await bench.run({ prompt: 'a red apple', options });
}

/** How often each call was made. */
const counts = () => {
	const { emulator } = bench;
	return {
		creates: emulator.creates().length,
		statuses: emulator.statusReads().length,
		results: emulator.results().length,
		cancels: emulator.cancels().length,
	};
};

describe('ends in an image all the same', () => {
	test.each<[ScenarioName, object]>([
		['lowerCaseWords', { statuses: 3 }],
		['unknownStatusWord', { statuses: 3 }],
		['slow', { statuses: 9 }],
		['rateLimitedOnce', { creates: 2 }],
		['rateLimitedStatus', { statuses: 3 }],
		['statusAnswers500Once', { statuses: 3 }],
		['status502HtmlOnce', { statuses: 3 }],
		['statusMalformedOnce', { statuses: 3 }],
		['statusDroppedOnce', { statuses: 3 }],
		['statusNotFoundAtFirst', { statuses: 3 }],
		['completedButResult202', { results: 3 }],
		['olderOutputShape', {}],
		['statusInResult', {}],
		['noStatusInResult', {}],
		['missingFields', {}],
		['textRecordToo', {}],
		['cancelIgnored', {}],
	])('%s', async (scenario, calls) => {
		const execution = await generate(scenario);
		expect(execution.error).toBeUndefined();
		const [row, ...more] = execution.rows('Image');
		const { id, images } = onlyTask();
		expect(more).toEqual([]);
		expect(row?.json).toMatchObject({
			request_id: id,
			state: 'succeeded',
			index: 0,
			url: `${bench.emulator.imagesOrigin}${images[0]!.path}`,
			content_type: 'image/png',
		});
		expect(await bench.file(row)).toEqual(await bench.picture(id));
		expect(counts()).toEqual({ creates: 1, statuses: 3, results: 1, cancels: 0, ...calls });
	});
});

test.each([
	['an answer with outputs and no status', { outputs: [{ type: 'image', url: 'x' }] }],
	['an older answer with outputs and no status', { output: [{ content: [{ url: 'x' }] }] }],
])('%s has ended', async (_what, body) => {
	bench.emulator.answerNext('status', { status: 200, body });
	const run = bench.start({ prompt: 'a red apple' });
	const { requestId } = await bench.emulator.whenRequested(({ call }) => call === 'status');
	bench.emulator.end(requestId!);
	expect((await run.ended).rows('Image')).toHaveLength(1);
	expect(counts()).toMatchObject({ statuses: 1, results: 1 });
});

describe('ends badly', () => {
	test.each<[ScenarioName, string, string, string]>([
		[
			'failsWithContentBlocked',
			'was blocked by the safety policy (CONTENT_BLOCKED)',
			'The prompt, or the image made from it, is not allowed. Change the prompt.',
			'Your request was rejected by the safety system',
		],
		[
			'failsWithInferenceFailure',
			'failed (INFERENCE_FAILURE)',
			'The model failed. Run it again.',
			'MODEL_ERROR: The model failed | upstream_5003: resource preexisting on worker',
		],
		[
			'failsWithTimeout',
			'failed (INFERENCE_TIMEOUT)',
			'The model took too long.',
			'TIMEOUT: Took longer than 300 s',
		],
		[
			'failsWithStringError',
			'failed (INTERNAL_SERVER_ERROR)',
			'The service failed. Run it again later.',
			'something went wrong',
		],
		[
			'cancelledElsewhere',
			'was cancelled',
			'It was ended before it had an image.',
			'Request was canceled',
		],
	])('%s', async (scenario, what, advice, words) => {
		const execution = await generate(scenario);
		const { id } = onlyTask();
		// "error": a task that somebody else has cancelled is no Stop.
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(`Task ${id} ${what}`);
		expect(execution.error?.description).toContain(advice);
		expect(execution.error?.description).toContain(`SeaArt Cloud says: "${words}"`);
		expect(counts()).toEqual({ creates: 1, statuses: 3, results: 0, cancels: 0 });
		bench.expectNoKey(execution);
	});

	test.each<[ScenarioName, string]>([
		['resultErrorIn200', 'was blocked by the safety policy (CONTENT_BLOCKED)'],
		['noOutputs', 'ended well but its result has no image'],
	])('%s', async (scenario, what) => {
		const execution = await generate(scenario);
		expect(execution.error?.message).toBe(`Task ${onlyTask().id} ${what}`);
		expect(counts()).toEqual({ creates: 1, statuses: 3, results: 1, cancels: 0 });
	});

	test('resultErrorDetail: the status is asked again, and knows of no failure', async () => {
		const execution = await generate('resultErrorDetail');
		const { id } = onlyTask();
		expect(execution.error?.message).toBe(
			`SeaArt Cloud refused while fetching the result of task ${id} (HTTP 422)`,
		);
		expect(execution.error?.description).toContain('"The output was blocked"');
		expect(counts()).toEqual({ creates: 1, statuses: 4, results: 1, cancels: 0 });
	});

	test('a result that stays away after a good end is given up after three minutes', async () => {
		const { id } = bench.emulator.addTask();
		bench.emulator.end(id);
		const body = { request_id: id, status: 'IN_PROGRESS' };
		bench.emulator.answerNext('status', { status: 200, body: { ...body, status: 'COMPLETED' } });
		bench.emulator.answerNext('result', { status: 202, body }, 100);
		const execution = await bench.run({ operation: 'getResult', requestId: id });
		expect(execution.error?.message).toBe(`Task ${id} had not ended after 180 seconds`);
		expect(counts().results).toBeGreaterThan(5);
		expect(counts().results).toBeLessThan(30);
	});

	test('a result that turns out to be a failure after all', async () => {
		const { id } = bench.emulator.addTask();
		const body = { request_id: id, status: 'IN_PROGRESS' };
		const failed = { request_id: id, error: 'The output was blocked', error_type: 'canceled' };
		bench.emulator.answerNext('result', { status: 202, body });
		bench.emulator.answerNext('status', { status: 200, body: { ...body, status: 'COMPLETED' } });
		bench.emulator.answerNext('result', { status: 200, body: failed });
		const execution = await bench.run({ operation: 'getResult', requestId: id });
		expect(execution.error?.message).toBe(`Task ${id} was cancelled`);
	});

	test('an id that stays unknown is not asked for long', async () => {
		bench.emulator.answerNext('status', { status: 404, body: { detail: 'Request not found' } }, 99);
		const execution = await bench.run({ prompt: 'a red apple' });
		expect(execution.error?.message).toBe(
			`SeaArt Cloud knows no such task while asking for the status of task ${onlyTask().id} (HTTP 404)`,
		);
		expect(counts().statuses).toBeGreaterThan(1);
		expect(counts().statuses).toBeLessThan(12);
	});

	test('anotherRequestId: the answers are not used', async () => {
		const execution = await generate('anotherRequestId');
		const { id } = onlyTask();
		expect(execution.error?.message).toBe(
			`SeaArt Cloud answered about another task while asking for the status of task ${id}`,
		);
		expect(execution.error?.description).toContain(`Get Result with the request ID ${id}`);
		expect(counts()).toEqual({ creates: 1, statuses: 11, results: 0, cancels: 0 });
	});
});

describe('the time-out', () => {
	const notLost = (id: string) =>
		`It runs on and is not lost: the operation Get Result with the request ID ${id} fetches its images later.`;

	test.each<[ScenarioName, string]>([
		['stuckInQueue', 'Its last status was IN_QUEUE.'],
		['stuckInProgress', 'Its last status was IN_PROGRESS.'],
	])('%s: fails and names the id and the last state', async (scenario, last) => {
		const execution = await generate(scenario, { timeout: 60 });
		const { id } = onlyTask();
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(`Task ${id} had not ended after 60 seconds`);
		expect(execution.error?.description).toContain(last);
		expect(execution.error?.description).toContain(notLost(id));
		expect(counts()).toMatchObject({ creates: 1, results: 0, cancels: 0 });
	});

	test('names a status word that the contract does not know', async () => {
		bench.emulator.play('stuckInProgress');
		const { emulator } = bench;
		const warming = { status: 200, body: { status: 'Warming_up', eta: 12 } };
		emulator.answerNext('status', warming, 1000);
		const options = { timeout: 30 };
		const execution = await bench.run({ prompt: 'a red apple', options });
		expect(execution.error?.description).toContain(
			'Its last status was WARMING_UP, a word that this node does not know.',
		);
	});

	test('On Timeout: Cancel Task and Fail', async () => {
		const execution = await generate('stuckInQueue', { timeout: 60, onTimeout: 'cancel' });
		const { id, ending } = onlyTask();
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(
			`Task ${id} had not ended after 60 seconds and was cancelled`,
		);
		expect(execution.error?.description).toContain('Run this again for a new task');
		expect(execution.error?.description).not.toContain('not lost');
		expect(ending).toMatchObject({ how: 'cancelled' });
		expect(counts().cancels).toBe(1);
	});

	test('On Timeout: Cancel, and the task had just ended: its image is delivered', async () => {
		const options = { timeout: 60, onTimeout: 'cancel' };
		const execution = await generate('alreadyCompletedAtCancel', options);
		expect(execution.error).toBeUndefined();
		const { id } = onlyTask();
		expect(await bench.file(execution.rows('Image')[0])).toEqual(await bench.picture(id));
		expect(counts()).toMatchObject({ cancels: 1, results: 1 });
	});

	test('On Timeout: Cancel, which comes too late but the status says otherwise', async () => {
		bench.emulator.answerNext('cancel', { status: 400, body: { status: 'ALREADY_COMPLETED' } });
		const execution = await generate('stuckInProgress', { timeout: 60, onTimeout: 'cancel' });
		const { id } = onlyTask();
		expect(execution.error?.message).toBe(`Task ${id} had not ended after 60 seconds`);
		expect(execution.error?.description).toContain(notLost(id));
	});

	test('On Timeout: Return Task', async () => {
		const execution = await generate('stuckInProgress', { timeout: 60, onTimeout: 'returnTask' });
		const { id } = onlyTask();
		expect(execution.status).toBe('success');
		expect(execution.rows('Image')).toEqual([
			{
				json: {
					request_id: id,
					status: 'IN_PROGRESS',
					state: 'running',
					progress: 99,
					logs: expect.any(Array),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(counts().cancels).toBe(0);
	});

	test('On Timeout: Return Task, when no look was answered', async () => {
		bench.emulator.answerNext('status', 'drop', 1000);
		const options = { timeout: 5, onTimeout: 'returnTask' };
		const execution = await bench.run({ prompt: 'a red apple', options });
		const { id } = onlyTask();
		expect(execution.rows('Image')[0]?.json).toMatchObject({ request_id: id, state: 'queued' });
	});

	test('On Timeout: Return Task, of Get Result', async () => {
		const { id } = bench.emulator.addTask({}, 'stuckInQueue');
		const options = { timeout: 5, onTimeout: 'returnTask' };
		const execution = await bench.run({ operation: 'getResult', requestId: id, options });
		expect(execution.rows('Image')).toEqual([
			{
				json: { request_id: id, status: 'IN_QUEUE', state: 'queued', queue_position: 0 },
				pairedItem: { item: 0 },
			},
		]);
	});
});

describe('how often it is asked', () => {
	test('a poll interval of its own', async () => {
		const execution = await generate('stuckInQueue', { timeout: 60, pollInterval: 10 });
		expect(execution.error?.message).toContain('had not ended after 60 seconds');
		// With up to a tenth on top: at 10.5, 21, 31.5, 42, 52.5 and, the last one, at 60.
		expect(counts().statuses).toBe(6);
	});

	test('by default, more often than that and not too often', async () => {
		await generate('stuckInQueue', { timeout: 60, pollInterval: 0 });
		expect(counts().statuses).toBeGreaterThan(10);
		expect(counts().statuses).toBeLessThan(80);
	});

	test('of a task that goes on as it was, a line in the log every ten seconds', async () => {
		const execution = await generate('stuckInQueue', { timeout: 60, pollInterval: 1 });
		const lines = execution.logs.filter(({ message }) => message.includes('task queued'));
		expect(counts().statuses).toBeGreaterThan(50);
		expect(lines.length).toBeGreaterThanOrEqual(5);
		expect(lines.length).toBeLessThanOrEqual(6);
	});

	test('each change is a line in the log', async () => {
		const execution = await bench.run({ prompt: 'a red apple' });
		const { id } = onlyTask();
		const looks = execution.logs.filter(({ metadata }) => 'elapsedSeconds' in metadata);
		expect(
			looks.map(({ level, message }) => [level, message.replace(/ after \d+ s.*/, '')]),
		).toEqual([
			['debug', 'SeaArt GPT Image 1: task queued'],
			['debug', 'SeaArt GPT Image 1: task running'],
			['info', 'SeaArt GPT Image 1: task succeeded'],
		]);
		for (const { message, metadata } of looks) {
			expect(message).toContain(id);
			expect(metadata).toMatchObject({ requestId: id, elapsedSeconds: expect.any(Number) });
		}
	});
});
