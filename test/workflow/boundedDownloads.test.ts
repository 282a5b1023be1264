import type { Execution } from '../harness/execution';
import { useSimulatedFixture } from './fixture';

/** Images that never come to their end, in simulated time. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

const HALF_AN_HOUR_MS = 1_800_000;

const prompt = '={{ $json.prompt }}';
const settings = { onError: 'continueRegularOutput' } as const;

test('an image that drips is given up, and the error names its task', async () => {
	const run = fixture.start({ prompt: 'x [imageDrips]' });
	let execution: Execution | undefined;
	void run.ended.then((ended) => (execution = ended));
	await fixture.time.pass(HALF_AN_HOUR_MS);
	const [id] = [...fixture.emulator.tasks.keys()];
	expect(execution?.status).toBe('error');
	expect(execution?.error?.message).toContain(id);
	expect(fixture.requests('image').length).toBeGreaterThan(0);
});

test('an image host that refuses again and again is given up after three minutes', async () => {
	const refused = { status: 429, headers: { 'retry-after': '100' }, body: {} };
	fixture.emulator.answerNext('image', refused, 20);
	const execution = await fixture.run({ prompt: 'x' });
	expect(execution.status).toBe('error');
	expect(fixture.requests('image').length).toBeLessThan(4);
});

test('images that drip do not keep those of other items from being fetched', async () => {
	const dripping = Array.from({ length: 4 }, () => ({ prompt: 'x [imageDrips]' }));
	const items = [...dripping, { prompt: 'whole' }];
	const run = fixture.start({ prompt }, { items, settings });
	let execution: Execution | undefined;
	void run.ended.then((ended) => (execution = ended));
	await fixture.time.pass(HALF_AN_HOUR_MS);
	expect(execution?.status).toBe('success');
	const [whole, ...more] = execution!.rows('Image').filter(({ binary }) => binary);
	expect(more).toEqual([]);
	expect(whole?.pairedItem).toEqual({ item: 4 });
});
