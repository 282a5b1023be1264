import type { Fault } from '../service/faults';
import type { Execution } from '../harness/execution';
import type { Run } from '../harness/run';
import { useFixture } from './fixture';

/** Answers that are too slow, too long or too strange are bounded in time, bytes and words. */

const fixture = useFixture({ progress: { byReads: 1 } });

const soon = { pollInterval: 0.5 };

describe('an answer that drips', () => {
	const TIMEOUT_S = 3;

	/** How a run ends, unless it continues for longer than any slow machine explains. */
	async function endOf(run: Run): Promise<Execution | 'still running'> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<'still running'>((resolve) => {
			timer = setTimeout(() => resolve('still running'), (TIMEOUT_S + 7) * 1000);
		});
		const first = await Promise.race([run.ended, late]);
		clearTimeout(timer);
		return first;
	}

	test('of a status does not hold a wait beyond its time-out', async () => {
		fixture.emulator.answerNext('status', 'drip', 100);
		const run = fixture.start({ prompt: 'x', options: { ...soon, timeout: TIMEOUT_S } });
		const execution = await endOf(run);
		expect(execution).toMatchObject({ status: 'error' });
		const [id] = [...fixture.emulator.tasks.keys()];
		expect((execution as Execution).error?.message).toContain(id);
		expect(fixture.emulator.statusReads()[0]).toMatchObject({ status: 200, finished: false });
	});

	test('is broken off by Stop', async () => {
		fixture.emulator.answerNext('status', 'drip', 100);
		const run = fixture.start({ prompt: 'x', options: soon });
		const status = await fixture.emulator.whenRequested(
			({ call, status }) => call === 'status' && status > 0,
		);
		run.stop();
		await fixture.emulator.whenRequested(({ call }) => call === 'cancel');
		await run.ended;
		expect(status.finished).toBe(false);
	});
});

describe('an answer of 50 MB is not read to its end', () => {
	const large = (body: object, status = 200): Fault => ({
		status,
		headers: { 'content-type': 'application/json' },
		body: Buffer.from(JSON.stringify({ ...body, padding: 'x'.repeat(50_000_000) })),
	});

	test('of a status, which is then asked for again', async () => {
		fixture.emulator.answerNext('status', large({ status: 'IN_PROGRESS' }));
		const execution = await fixture.run({ prompt: 'x', downloadImages: false, options: soon });
		expect(execution.status).toBe('success');
		const [first, ...more] = fixture.emulator.statusReads();
		expect(first).toMatchObject({ status: 200, finished: false });
		expect(more.length).toBeGreaterThan(0);
	});

	test('of an error', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.answerNext('status', large({ detail: 'No' }, 403));
		const execution = await fixture.run({ operation: 'getStatus', requestId: id });
		expect(execution.error?.message).toContain(id);
		expect(fixture.emulator.statusReads()[0]).toMatchObject({ status: 403, finished: false });
	});
});

describe('a strange page of 200 kB does not hold up n8n', () => {
	const STALL_MS = 2000;

	/** Of computing, which other processes do not lengthen. */
	const computedMs = () => {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	};

	/** The longest that the event loop was kept from running a timer, in ms of computing. */
	async function longestStall(work: () => Promise<unknown>): Promise<number> {
		let last = computedMs();
		let longest = 0;
		const tick = () => {
			longest = Math.max(longest, computedMs() - last);
			last = computedMs();
		};
		const timer = setInterval(tick, 20);
		await work();
		clearInterval(timer);
		tick();
		return longest;
	}

	test.each([
		['<', 200_000],
		['<title>', 30_000],
		['<!--', 50_000],
		[' ', 200_000],
		['a ', 100_000],
	])(
		'%j, %i times',
		async (part, times) => {
			const { id } = fixture.emulator.addTask();
			fixture.emulator.answerNext('status', { status: 403, body: part.repeat(times) });
			const operation = { operation: 'getStatus', requestId: id };
			let execution: Execution | undefined;
			const stall = await longestStall(async () => (execution = await fixture.run(operation)));
			expect(execution?.error?.message).toContain('403');
			expect(stall).toBeLessThan(STALL_MS);
		},
		120_000,
	);
});

describe('a result with too many images', () => {
	const result = (count: number): Fault => ({
		status: 200,
		body: { outputs: Array.from({ length: count }, (_, n) => ({ url: `https://a.test/${n}` })) },
	});
	const parameters = { prompt: 'x', downloadImages: false, options: soon };

	test.each([101, 20_000])('%i are an error that names the task', async (count) => {
		fixture.emulator.answerNext('result', result(count), 100);
		const execution = await fixture.run(parameters);
		const [id] = [...fixture.emulator.tasks.keys()];
		expect(execution.rows('Image').length).toBe(0);
		expect(`${execution.error?.message} ${execution.error?.description}`).toContain(id);
	});

	test('the task is kept: another try fetches it again and creates nothing', async () => {
		fixture.emulator.answerNext('result', result(20_000));
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const execution = await fixture.run(parameters, { settings });
		expect(execution.status).toBe('success');
		expect(execution.rows('Image')).toHaveLength(1);
		expect(fixture.emulator.creates()).toHaveLength(1);
	});

	test('100 are delivered', async () => {
		fixture.emulator.answerNext('result', result(100));
		const execution = await fixture.run(parameters);
		expect(execution.rows('Image')).toHaveLength(100);
	});
});

describe('the words of the service are one short line', () => {
	const hostile = (word: string) => `${word}\r\n\u2028forged line ${'x'.repeat(100_000)}`;

	function expectShortLines(execution: Execution): void {
		const own = execution.logs.filter(({ message }) => message.includes('SeaArt GPT Image 1'));
		expect(own.length).toBeGreaterThan(0);
		for (const { message, text } of own) {
			expect(message).not.toMatch(/[\r\n\u2028]/);
			expect(text.length).toBeLessThan(5000);
		}
		const { message = '', description = '' } = execution.error ?? {};
		expect(message).not.toMatch(/[\r\n\u2028]/);
		expect(message.length).toBeLessThan(500);
		expect(description).not.toMatch(/[\r\n\u2028]forged/);
		expect(String(description).length).toBeLessThan(5000);
	}

	test('a status word', async () => {
		const body = { status: hostile('WARMING_UP') };
		fixture.emulator.answerNext('status', { status: 200, body }, 100);
		const execution = await fixture.run({ prompt: 'x', options: { ...soon, timeout: 2 } });
		expect(execution.error?.description).toContain('WARMING_UP');
		expectShortLines(execution);
	});

	test('the error of a task that has failed, and its kind', async () => {
		const body = {
			status: 'COMPLETED',
			error: hostile('MODEL_FAILED'),
			error_type: hostile('ODD_FAILURE'),
		};
		fixture.emulator.answerNext('status', { status: 200, body }, 100);
		const execution = await fixture.run({ prompt: 'x', options: soon });
		expect(execution.error?.message).toContain('ODD_FAILURE');
		expectShortLines(execution);
	});

	test('the detail of a refusal', async () => {
		const body = { detail: hostile('NOT_SO') };
		fixture.emulator.answerNext('create', { status: 422, body });
		const execution = await fixture.run({ prompt: 'x' });
		expect(execution.error?.description).toContain('NOT_SO');
		expectShortLines(execution);
	});
});
