import { CONTINUE, FORBIDDEN, prompt, tries, useSimulatedFixture } from './fixture';
import type { Settings } from './workflows';

/** What the tasks of an execution have taken tells when those that follow are polled. */

const fixture = useSimulatedFixture({
	progress: { byTime: ({ parameters }) => (parameters.prompt === 'fast' ? 9_000 : 60_000) },
});

/** The ages in s at which a task is polled first. */
const UNLEARNED = [3, 3];
/** It need not be asked soon. */
const LEARNED = [6, 12];

const BLOCKED = { prompt: 'a pear [failsWithContentBlocked]' };
const elevenSlow = Array<object>(11).fill({});

test.each<[string, object[], Settings, number[]]>([
	['the first of its kind is polled early', [{}], {}, UNLEARNED],
	['the second is not', [{}, {}], {}, LEARNED],
	['one of another kind learns nothing', [{}, { quality: 'high' }], {}, UNLEARNED],
	['one that has failed tells nothing', [BLOCKED, {}], CONTINUE, UNLEARNED],
	['one of an earlier try tells nothing', [{}, {}], tries(2), UNLEARNED],
	['what lies ten tasks back is forgotten', [{ prompt: 'fast' }, ...elevenSlow], {}, LEARNED],
])('%s', async (_what, items, settings, polledAt) => {
	if (settings.retryOnFail) fixture.emulator.answerNext('status', FORBIDDEN);
	const parameters = {
		...{ prompt, quality: '={{ $json.quality ?? "auto" }}' },
		...{ downloadImages: false, options: { maxTasksInFlight: 1 } },
	};
	const given = items.map((one) => ({ prompt: 'an apple', ...one }));
	await fixture.run(parameters, { items: given, settings });
	const create = fixture.requests('create').at(-1)!;
	const polls = fixture.requests('status').filter((one) => one.requestId === create.requestId);
	const ages = polls.slice(0, 2).map(({ at }) => Math.round((at - create.at) / 1000));
	expect(ages).toEqual(polledAt);
});
