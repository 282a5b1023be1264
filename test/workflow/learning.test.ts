import type { Settings } from './fixture';
import { useSimulatedFixture } from './fixture';

/** What the tasks of an execution have taken tells when those that follow are polled. */

const fixture = useSimulatedFixture({ progress: { byTime: 60_000 } });

/** One task after the other. @returns the ages in s at which the last one was polled first */
async function lastPolledAt(items: object[], settings: Settings = {}): Promise<number[]> {
	const parameters = {
		prompt: '={{ $json.prompt }}',
		quality: '={{ $json.quality ?? "auto" }}',
		downloadImages: false,
		options: { maxTasksInFlight: 1 },
	};
	const given = { items: items.map((one) => ({ prompt: 'an apple', ...one })), settings };
	await fixture.run(parameters, given);
	const create = fixture.requests('create').at(-1)!;
	const polls = fixture.requests('status').filter((one) => one.requestId === create.requestId);
	return polls.slice(0, 2).map(({ at }) => Math.round((at - create.at) / 1000));
}

const CONTINUE = { onError: 'continueRegularOutput' } as const;
const UNLEARNED = [3, 3];
/** It need not be asked soon. */
const LEARNED = [6, 12];

test('the first of its kind is polled early', async () => {
	expect(await lastPolledAt([{}])).toEqual(UNLEARNED);
});

test('the second is not', async () => {
	expect(await lastPolledAt([{}, {}])).toEqual(LEARNED);
});

test('one of another kind learns nothing', async () => {
	expect(await lastPolledAt([{}, { quality: 'high' }])).toEqual(UNLEARNED);
});

test('one that has failed tells nothing', async () => {
	const blocked = { prompt: 'a pear [failsWithContentBlocked]' };
	expect(await lastPolledAt([blocked, {}], CONTINUE)).toEqual(UNLEARNED);
});

test('one of an earlier try tells nothing', async () => {
	fixture.emulator.answerNext('status', { status: 403, body: {} });
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	expect(await lastPolledAt([{}, {}], settings)).toEqual(UNLEARNED);
});

test('what lies ten tasks back is forgotten', async () => {
	const byTime = ({ parameters }: { parameters: { prompt: string } }) =>
		parameters.prompt === 'fast' ? 9_000 : 60_000;
	fixture.emulator.configure({ progress: { byTime } });
	const tenMore = Array.from({ length: 10 }, () => ({}));
	expect(await lastPolledAt([{ prompt: 'fast' }, ...tenMore, {}])).toEqual(LEARNED);
});
