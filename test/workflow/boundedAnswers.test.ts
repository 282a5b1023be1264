import { tries, useFixture } from './fixture';

/** Answers that are too slow, too long or too strange are bounded in time, bytes and words. */

const fixture = useFixture({ progress: { byReads: 1 } });

const soon = { pollInterval: 0.5 };

/** One byte in 0.3 s, half a minute in all: longer than a test may take. */
describe('an answer that drips', () => {
	beforeEach(() => fixture.emulator.answerNext('status', 'drip', 100));

	test('of a status does not hold a wait beyond its time-out', async () => {
		const execution = await fixture.run({ prompt: 'x', options: { ...soon, timeout: 3 } });
		expect(execution.error?.message).toContain(fixture.onlyTask().id);
		expect(fixture.emulator.statusReads()[0]).toMatchObject({ status: 200, finished: false });
	});

	test('is broken off by Stop', async () => {
		const run = fixture.start({ prompt: 'x', options: soon });
		const status = await fixture.emulator.whenRequested(
			({ call, status }) => call === 'status' && status > 0,
		);
		run.stop();
		await run.ended;
		expect(status.finished).toBe(false);
	});
});

test('a status of 50 MB is not read to its end, but asked for again', async () => {
	fixture.emulator.answerNext('status', 'oversized');
	const execution = await fixture.run({ prompt: 'x', downloadImages: false, options: soon });
	expect(execution.status).toBe('success');
	const [first, ...more] = fixture.emulator.statusReads();
	expect(first).toMatchObject({ status: 200, finished: false });
	expect(more.length).toBeGreaterThan(0);
});

// With a pattern that is worse than linear, of the node or of n8n, the test's time is up.
test.each(['<', '<title>', '<!--', ' ', 'a '])(
	'a page of %j over and over does not hold up n8n',
	async (part) => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.answerNext('status', { status: 403, body: part.repeat(200_000) });
		const execution = await fixture.run({ operation: 'getStatus', requestId: id });
		expect(execution.error?.message).toContain('403');
	},
);

test('a result with too many images keeps the task: another try fetches it again', async () => {
	const outputs = Array.from({ length: 20_000 }, (_, n) => ({ url: `https://a.test/${n}` }));
	fixture.emulator.answerNext('result', { status: 200, body: { outputs } });
	const parameters = { prompt: 'x', downloadImages: false, options: soon };
	const execution = await fixture.run(parameters, { settings: tries(2) });
	expect(execution.status).toBe('success');
	expect(execution.items('Image')).toHaveLength(1);
	expect(fixture.counts()).toMatchObject({ creates: 1, results: 2 });
});

describe('the words of the service are one short line', () => {
	const hostile = (word: string) => `${word}\r\n\u2028forged line ${'x'.repeat(100_000)}`;

	test.each([
		['a status word', 'status', { status: hostile('WARMING_UP') }],
		[
			'the error of a task that has failed, and its kind',
			'status',
			{ status: 'COMPLETED', error: hostile('WARMING_UP'), error_type: hostile('WARMING_UP') },
		],
		['the detail of a refusal', 'create', { detail: hostile('WARMING_UP') }],
	] as const)('%s', async (_what, call, body) => {
		fixture.emulator.answerNext(call, { status: call === 'create' ? 422 : 200, body }, 100);
		const execution = await fixture.run({ prompt: 'x', options: { ...soon, timeout: 2 } });
		const own = execution.logs.filter(({ message }) => message.includes('SeaArt GPT Image 1'));
		expect(own.length).toBeGreaterThan(0);
		for (const { message, text } of own) {
			expect(message).not.toMatch(/[\r\n\u2028]/);
			expect(text.length).toBeLessThan(5000);
		}
		const { message, description } = execution.error!;
		expect(`${message} ${description}`).toContain('WARMING_UP');
		expect(message).not.toMatch(/[\r\n\u2028]/);
		expect(message.length).toBeLessThan(500);
		expect(description).not.toMatch(/[\r\n\u2028]forged/);
		expect(description!.length).toBeLessThan(5000);
	});
});
