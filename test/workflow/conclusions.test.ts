import { NodeExecution } from '../../nodes/GptImage1/run/nodeExecution';
import { TRAILING_BYTES } from '../service/faults';
import type { Fault } from '../service/faults';
import { useSimulatedFixture } from './fixture';

/** What the node concludes from an answer, and tells the user, is so. */

const fixture = useSimulatedFixture({ progress: { byTime: 5000 } });

const notFound = { status: 404, body: { detail: 'Request not found' } };

const NEVER_ENDS = { progress: { byTime: 86_400_000 } };

const withoutFiles = { prompt: 'x', downloadImages: false };

describe('an image with bytes behind its end is delivered', () => {
	test.each(['png', 'jpeg', 'webp'])('%s', async (outputFormat) => {
		fixture.emulator.answerNext('image', 'trailingBytes', 100);
		const execution = await fixture.run({ prompt: 'x', options: { outputFormat } });
		expect(execution.error?.message).toBeUndefined();
		const [item] = execution.rows('Image');
		const picture = fixture.onlyTask().images[0]!.picture!;
		const file = await fixture.file(item);
		expect(file.subarray(0, picture.bytes.length)).toEqual(picture.bytes);
		expect(file.length).toBeLessThanOrEqual(picture.bytes.length + TRAILING_BYTES.length);
	});
});

test('a result that stays away after the task has succeeded is told as that', async () => {
	const body = { status: 'IN_PROGRESS' };
	fixture.emulator.answerNext('result', { status: 202, body }, 10_000);
	const execution = await fixture.run(withoutFiles);
	const { message, description } = execution.error!;
	expect(message).toContain(fixture.onlyTask().id);
	expect(message).toMatch(/result/i);
	expect(message).not.toMatch(/not (yet )?(ended|finished|completed)|still running|timed out/i);
	expect(description).not.toMatch(/runs on|still running|longer 'Timeout'/);
});

describe('a service that is a little behind itself is waited for', () => {
	test.each([1, 3])('%i times 404 to the result, after the task has succeeded', async (times) => {
		fixture.emulator.answerNext('result', notFound, times);
		const execution = await fixture.run(withoutFiles);
		expect(execution.error?.message).toBeUndefined();
		expect(execution.rows('Image')).toMatchObject([{ json: { state: 'succeeded' } }]);
	});

	test.each(['generate', 'getResult'])(
		'%s: a failure of which a result speaks once, after the task has succeeded',
		async (operation) => {
			const { id } = fixture.emulator.addTask();
			fixture.emulator.end(id);
			const body = { error: { code: 'INTERNAL', message: 'try again' } };
			fixture.emulator.answerNext('result', { status: 200, body });
			const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
			const execution = await fixture.run({ operation, prompt: 'x', requestId: id }, { settings });
			expect(execution.error).toBeUndefined();
			expect(execution.rows('Image').map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
				['data'],
			]);
			expect(fixture.counts().creates).toBe(operation === 'generate' ? 1 : 0);
		},
	);

	test('404 for some seconds to the result of a request ID that has succeeded', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id);
		fixture.emulator.answerNext('result', { status: 202, body: { status: 'IN_PROGRESS' } });
		fixture.emulator.answerNext('result', { status: 404, body: { detail: 'unknown' } }, 5);
		const execution = await fixture.run({ operation: 'getResult', requestId: id });
		expect(execution.error).toBeUndefined();
		expect(execution.rows('Image').map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['data'],
		]);
	});

	test('404 to the first status after the create', async () => {
		fixture.emulator.answerNext('status', notFound, 1);
		const execution = await fixture.run(withoutFiles);
		expect(execution.rows('Image')).toMatchObject([{ json: { state: 'succeeded' } }]);
	});

	test('404 for some seconds to Get Result that waits: the node before may have made the task', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.answerNext('result', notFound, 5);
		const execution = await fixture.run({ ...withoutFiles, operation: 'getResult', requestId: id });
		expect(execution.rows('Image')).toMatchObject([{ json: { state: 'succeeded' } }]);
	});

	test('404 to the cancel after a short time-out', async () => {
		fixture.emulator.configure(NEVER_ENDS);
		fixture.emulator.answerNext('cancel', { status: 404, body: { status: 'NOT_FOUND' } }, 1);
		const options = { timeout: 2, onTimeout: 'cancel' };
		await fixture.run({ prompt: 'x', options });
		expect(fixture.onlyTask().ending).toMatchObject({ how: 'cancelled' });
	});
});

test('a fault of the node itself names the task', async () => {
	jest.spyOn(NodeExecution.prototype, 'noteFoundEnded').mockImplementation(() => {
		throw new Error('This cannot be');
	});
	const execution = await fixture.run({ prompt: 'a red apple' });
	const { message, description } = execution.error!;
	expect(`${message} ${description}`).toContain(fixture.onlyTask().id);
});

describe('a time-out whose cancel does not succeed is told as a time-out', () => {
	test.each<[string, Fault]>([
		['is refused', { status: 403, body: { detail: 'No' } }],
		['fails', 'error500'],
		['is dropped', 'drop'],
		['is not known', { status: 404, body: { status: 'NOT_FOUND' } }],
	])('the cancel %s', async (_what, answer) => {
		fixture.emulator.configure(NEVER_ENDS);
		fixture.emulator.answerNext('cancel', answer, 10_000);
		const options = { timeout: 60, onTimeout: 'cancel' };
		const execution = await fixture.run({ prompt: 'x', options });
		const { message, description } = execution.error!;
		const { id } = fixture.onlyTask();
		expect(message).toContain(id);
		expect(message).toMatch(/still running|timed out|not (ended|finished)|after 60 s/i);
		expect(`${message} ${description}`).toMatch(/cancel/i);
	});
});

describe('Get Status of a task that has failed', () => {
	test.each([{}, { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 }])(
		'is an item that has succeeded: %j',
		async (settings) => {
			const { id } = fixture.emulator.addTask({}, 'failsWithInferenceFailure');
			await fixture.time.pass(60_000);
			const parameters = { operation: 'getStatus', requestId: id };
			const execution = await fixture.run(parameters, { settings });
			expect(fixture.requests('status')).toHaveLength(1);
			expect(execution.status).toBe('success');
			const [item] = execution.rows('Image');
			expect(item?.json).toMatchObject({
				request_id: id,
				state: 'failed',
				failure: {
					message: expect.stringContaining('The model failed'),
					error_type: 'INFERENCE_FAILURE',
				},
			});
			expect(item?.json).not.toHaveProperty('error');
		},
	);
});

describe('what would be altered in silence is refused before anything is sent', () => {
	const ID_BEYOND_2_53 = '={{ 9007199254740993 }}';

	test.each(['getStatus', 'getResult', 'cancel'])(
		'%s of a number beyond 2^53',
		async (operation) => {
			const execution = await fixture.run({ operation, requestId: ID_BEYOND_2_53 });
			expect(fixture.requests().length).toBe(0);
			expect(execution.error?.message).toContain('Request ID');
		},
	);

	test.each(['9007199254740993', '={{ "9007199254740993" }}', '={{ 9007199254740991 }}'])(
		'the id %s is sent as it is',
		async (requestId) => {
			await fixture.run({ operation: 'getStatus', requestId });
			const [digits] = /\d+/.exec(requestId)!;
			expect(fixture.requests('status')[0]).toMatchObject({ requestId: digits });
		},
	);

	test.each(['__proto__', 'constructor', 'prototype'])(
		'a file in %s',
		async (binaryPropertyName) => {
			const execution = await fixture.run({ prompt: 'x', binaryPropertyName });
			expect(fixture.requests().length).toBe(0);
			expect(execution.error?.message).toContain('Put Output File in Field');
		},
	);
});

test("a retry with another account's key says that a new execution helps", async () => {
	fixture.emulator.configure(NEVER_ENDS);
	fixture.emulator.answerNext('status', { status: 403, body: { detail: 'No balance' } }, 1);
	const failed = await fixture.run({ prompt: 'x' });
	expect(failed.status).toBe('error');
	fixture.emulator.answerNext('status', notFound, 10_000);
	fixture.emulator.answerNext('result', notFound, 10_000);
	const again = await fixture.retry(failed);
	expect(fixture.requests('create')).toHaveLength(1);
	expect(again.error?.message).toContain(fixture.onlyTask().id);
	expect(again.error?.description).toMatch(/new execution/);
});
