import { CONTINUE, prompt, refused, useSimulatedFixture } from './fixture';

/** Images that never come to their end, in simulated time. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

const HALF_AN_HOUR_MS = 1_800_000;

test('an image that drips is given up, and the error names its task', async () => {
	const run = fixture.start({ prompt: 'x [imageDrips]' });
	const execution = await fixture.endWithin(run, HALF_AN_HOUR_MS);
	expect(execution.error?.message).toContain(fixture.onlyTask().id);
	expect(fixture.requests('image').length).toBeGreaterThan(0);
});

test('an image host that refuses again and again is given up after three minutes', async () => {
	fixture.emulator.answerNext('image', refused(100), 20);
	const execution = await fixture.run({ prompt: 'x' });
	expect(execution.status).toBe('error');
	expect(fixture.requests('image').length).toBeLessThan(4);
});

test('images that drip do not keep those of other items from being fetched', async () => {
	const items = [...Array<object>(4).fill({ prompt: 'x [imageDrips]' }), { prompt: 'whole' }];
	const run = fixture.start({ prompt }, { items: items as never, settings: CONTINUE });
	const execution = await fixture.endWithin(run, HALF_AN_HOUR_MS);
	expect(execution.status).toBe('success');
	const whole = execution.items('Image').filter(({ binary }) => binary);
	expect(whole.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 4 }]);
});
