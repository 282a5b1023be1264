import type { IHttpRequestOptions } from 'n8n-workflow';
import { TaskClient } from '../../nodes/GptImage1/task/client';
import type { Answer } from '../../nodes/GptImage1/task/call';
import type { CallPace } from '../../nodes/GptImage1/task/client';
import type { Clock } from '../../nodes/GptImage1/task/clock';
import { Problem } from '../../nodes/GptImage1/task/errors';

const ID = 'mmsu_1';
const LATER = 600_000;

const ok = (body: object): Answer => ({ status: 200, headers: {}, body });
const broken = (code: string, more: object = {}) =>
	Object.assign(new Error(code), { code, ...more });

/** A service that answers from a list, the last answer for ever. */
function service(answers: Array<Answer | Error>, declared: Partial<IHttpRequestOptions> = {}) {
	const sent: Array<IHttpRequestOptions & { outlivesStop: boolean }> = [];
	const slept: number[] = [];
	let now = 0;
	const pace = {
		looks: { next: jest.fn((time: number, _wanted: number) => time), refused: jest.fn() },
		creates: {
			next: jest.fn((time: number, _reserved?: number) => time),
			accepted: jest.fn(),
			refused: jest.fn(),
		},
	} satisfies CallPace;
	const clock: Clock = {
		now: () => now,
		random: () => 0.5,
		checkStop: () => {},
		pause: async () => true,
		async sleepUntil(at) {
			slept.push(at - now);
			now = Math.max(now, at);
		},
	};
	const client = new TaskClient(
		{ url: '/v1/queue/gpt_image_1', method: 'POST', baseURL: 'https://x.y/model', ...declared },
		async (request, outlivesStop) => {
			sent.push({ ...request, outlivesStop });
			const answer = answers[sent.length - 1] ?? answers.at(-1)!;
			if (answer instanceof Error) throw answer;
			return answer;
		},
		clock,
		pace,
	);
	return { client, sent, slept, pace };
}

const problemOf = async (call: Promise<unknown>) => {
	const problem: unknown = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(problem).toBeInstanceOf(Problem);
	return (problem as Problem).details;
};

describe('what is sent', () => {
	test('the create is the declared request with the checked body', async () => {
		const { client, sent } = service([ok({ request_id: ID })], {
			body: { prompt: 'unchecked' },
			headers: { Accept: 'application/json' },
		});
		expect(await client.create({ prompt: 'x' }, LATER)).toMatchObject({ requestId: ID });
		expect(sent).toEqual([
			{
				url: '/v1/queue/gpt_image_1',
				method: 'POST',
				baseURL: 'https://x.y/model',
				headers: { Accept: 'application/json' },
				body: { prompt: 'x' },
				json: true,
				timeout: 120_000,
				disableFollowRedirect: true,
				sendCredentialsOnCrossOriginRedirect: false,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				outlivesStop: true,
			},
		]);
	});

	test('the other calls carry no body, and the id in its place', async () => {
		const { client, sent } = service([ok({ status: 'COMPLETED', outputs: [{ url: 'x' }] })]);
		await client.status('a=b', LATER);
		await client.result('a=b', LATER);
		await client.cancel('a=b');
		await client.cancel('a=b', true);
		const requests = '/v1/queue/gpt_image_1/requests/a%3Db';
		expect(sent.map(({ method, url, outlivesStop }) => [method, url, outlivesStop])).toEqual([
			['GET', `${requests}/status`, false],
			['GET', `${requests}/response`, false],
			['PUT', `${requests}/cancel`, false],
			['PUT', `${requests}/cancel`, true],
		]);
		for (const request of sent) expect(request).not.toHaveProperty('body');
	});

	test('a read takes no longer than there is time, a create as long as it needs', async () => {
		const { client, sent } = service([ok({ request_id: ID, status: 'IN_QUEUE' })]);
		await client.look(ID, 4000);
		await client.look(ID, 10);
		await client.look(ID, LATER);
		await client.create({ prompt: 'x' }, 10);
		expect(sent.map(({ timeout }) => timeout)).toEqual([4000, 1000, 30_000, 120_000]);
	});

	test("the time limit that n8n's own option sets is kept", async () => {
		const answer = ok({ request_id: ID, status: 'IN_QUEUE' });
		const { client, sent } = service([answer], { timeout: 500 });
		await client.look(ID, LATER);
		await client.create({ prompt: 'x' }, LATER);
		expect(sent.map(({ timeout }) => timeout)).toEqual([500, 500]);
	});
});

describe('a create', () => {
	const never = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

	test.each(never)('is repeated after %s: nothing has left', async (code) => {
		const { client, sent } = service([broken(code), ok({ request_id: ID })]);
		await client.create({ prompt: 'x' }, LATER);
		expect(sent).toHaveLength(2);
	});

	test.each(never)('is given up after five times %s', async (code) => {
		const { client, sent } = service([broken(code)]);
		const details = await problemOf(client.create({ prompt: 'x' }, LATER));
		expect(sent).toHaveLength(5);
		expect(details.mayExist).toBeFalsy();
	});

	test.each([
		broken('ECONNRESET'),
		broken('ETIMEDOUT'),
		broken('ECONNABORTED'),
		broken('EPIPE'),
		broken('ERR_BAD_RESPONSE'),
		new Error('no code at all'),
		{ status: 500, headers: {}, body: {} },
		{ status: 502, headers: { 'retry-after': '1' }, body: '<html>' },
		{ status: 504, headers: {}, body: {} },
		{ status: 408, headers: {}, body: {} },
		ok({}),
	])('is never repeated after %p', async (answer) => {
		const { client, sent, slept } = service([answer, ok({ request_id: ID })]);
		const details = await problemOf(client.create({ prompt: 'x' }, LATER));
		expect(sent).toHaveLength(1);
		expect(slept).toEqual([]);
		expect(details.mayExist).toBe(true);
	});

	test('is repeated after a 429, not before its Retry-After, and the run is told', async () => {
		const refused = { status: 429, headers: { 'retry-after': '7' }, body: {} };
		const { client, sent, slept, pace } = service([refused, refused, ok({ request_id: ID })]);
		await client.create({ prompt: 'x' }, LATER);
		expect(sent).toHaveLength(3);
		expect(slept).toEqual([7000, 7000]);
		expect(pace.creates.refused.mock.calls).toEqual([
			[0, 7000, 0.5],
			[7000, 7000, 0.5],
		]);
		expect(pace.creates.accepted.mock.calls).toEqual([[14_000]]);
	});

	test('waits for its turn, and asks again when it has come', async () => {
		const { client, sent, slept, pace } = service([ok({ request_id: ID })]);
		pace.creates.next.mockReturnValueOnce(100).mockReturnValueOnce(250).mockReturnValueOnce(250);
		await client.create({ prompt: 'x' }, LATER);
		expect(slept).toEqual([100, 150]);
		expect(pace.creates.next.mock.calls).toEqual([[0], [100, 100], [250, 250]]);
		expect(sent).toHaveLength(1);
	});
});

describe('reads', () => {
	test('a 429 is told to the run, of a status or a result', async () => {
		const refused = { status: 429, headers: { 'retry-after': '3' }, body: {} };
		const { client, pace } = service([refused, ok({ status: 'IN_QUEUE' })]);
		await client.status(ID, LATER);
		expect(pace.looks.refused.mock.calls).toEqual([[0, 3000, 0.5]]);
		expect(pace.creates.refused).not.toHaveBeenCalled();
	});

	test('a 429 of a cancel is not', async () => {
		const refused = { status: 429, headers: {}, body: {} };
		const { client, pace } = service([refused, ok({ status: 'CANCELLATION_REQUESTED' })]);
		await client.cancel(ID);
		expect(pace.looks.refused).not.toHaveBeenCalled();
	});

	test('are not repeated past the deadline', async () => {
		const { client, sent } = service([{ status: 500, headers: {}, body: {} }]);
		await problemOf(client.status(ID, 2000));
		expect(sent).toHaveLength(2);
	});

	test('an answer about another task is asked for again', async () => {
		const { client, sent } = service([
			ok({ request_id: 'mmsu_2', status: 'COMPLETED' }),
			ok({ request_id: ID, status: 'IN_QUEUE' }),
		]);
		expect(await client.status(ID, LATER)).toMatchObject({ state: 'queued' });
		expect(sent).toHaveLength(2);
	});

	test('a look is made once; whether another may mend it stands beside the problem', async () => {
		const gone = { status: 404, headers: {}, body: {} };
		const busy = { status: 503, headers: { 'retry-after': '2' }, body: {} };
		const { client, sent } = service([gone, busy, broken('ECONNRESET')]);
		expect(await client.look(ID, LATER)).toMatchObject({ again: false });
		expect(await client.look(ID, LATER)).toMatchObject({ again: true, retryAfter: 2000 });
		expect(await client.look(ID, LATER)).toMatchObject({ again: true });
		expect(sent).toHaveLength(3);
	});
});
