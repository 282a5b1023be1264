import { figure } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import { endingOf, imagesOf, nodeMs, prompts, runBaseline, runOurs } from './runs';
import { countCalls } from './service';

const ITEMS = 500;
const TASK_MS = 2000;
const CREATES_PER_SECOND = 10;
const OPEN_TASKS = 50;

/** With ten creates at once and ten more each second; 50 open tasks are never reached. */
const BEST_MS = ((ITEMS - CREATES_PER_SECOND) / CREATES_PER_SECOND) * 1000 + TASK_MS;

/** A service with limits, more items than it takes at once, and every one of them paid for. */
export async function fiveHundredItems(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const service = await harness.service({
		durations: [TASK_MS],
		limits: { create: CREATES_PER_SECOND, openTasks: OPEN_TASKS },
		pictures: { bytes: 100_000 },
	});
	const input = prompts(ITEMS);
	const parameters = { options: { maxTasksInFlight: OPEN_TASKS } };
	const ours = await runOurs(client, service, { input, parameters });
	harness.say(`  ${endingOf(ours)}`);
	await service.reset();
	const baseline = await runBaseline(client, service, { input });
	const lost = baseline.record.tasks.length - imagesOf(baseline).length;
	return {
		work: `${ITEMS} items of 2 s, ten creates a second and ${OPEN_TASKS} open tasks allowed`,
		method:
			`The service takes ten creates at once and ten more each second, so the last task cannot ` +
			`end before ${BEST_MS / 1000} s. The baseline workflow fails at the first refusal.`,
		figures: [
			figure(`time / best possible (${BEST_MS / 1000} s)`, nodeMs(ours) / BEST_MS, '×', {
				atMost: 1.12,
			}),
			figure('creates refused', countCalls(ours.record, 'create', 429), '', {
				atMost: 30,
				baseline: countCalls(baseline.record, 'create', 429),
			}),
			figure('creates accepted', countCalls(ours.record, 'create', 200), '', {
				exactly: ITEMS,
				baseline: `${countCalls(baseline.record, 'create', 200)}; ${lost} paid for and lost`,
			}),
			figure('images', imagesOf(ours).length, '', {
				exactly: ITEMS,
				baseline: imagesOf(baseline).length,
			}),
		],
	};
}
