import type { Settings } from './fixture';
import { CONTINUE, FORBIDDEN, prompt, tries, useSimulatedFixture } from './fixture';

/** What the tasks of an execution have taken tells when those that follow are polled. */

const fixture = useSimulatedFixture({ progress: { byTime: 60_000 } });

/** One task after the other. @returns the ages in s at which the last one was polled first */
async function lastPolledAt(items: object[], settings: Settings = {}): Promise<number[]> {
	const parameters = {
		prompt,
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

const UNLEARNED = [3, 3];
const BLOCKED = { prompt: 'a pear [failsWithContentBlocked]' };
/** It need not be asked soon. */
const LEARNED = [6, 12];

test.each<[string, object[], number[]]>([
	['the first of its kind is polled early', [{}], UNLEARNED],
	['the second is not', [{}, {}], LEARNED],
	['one of another kind learns nothing', [{}, { quality: 'high' }], UNLEARNED],
	['one that has failed tells nothing', [BLOCKED, {}], UNLEARNED],
])('%s', async (_what, items, polledAt) => {
	expect(await lastPolledAt(items, CONTINUE)).toEqual(polledAt);
});

test('one of an earlier try tells nothing', async () => {
	fixture.emulator.answerNext('status', FORBIDDEN);
	expect(await lastPolledAt([{}, {}], tries(2))).toEqual(UNLEARNED);
});

test('what lies ten tasks back is forgotten', async () => {
	const byTime = ({ parameters }: { parameters: { prompt: string } }) =>
		parameters.prompt === 'fast' ? 9_000 : 60_000;
	fixture.emulator.configure({ progress: { byTime } });
	const tenMore = Array.from({ length: 10 }, () => ({}));
	expect(await lastPolledAt([{ prompt: 'fast' }, ...tenMore, {}])).toEqual(LEARNED);
});
