import { figure } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import { endingOf, imagesOf, nodeMs, prompts, runOurs } from './runs';
import { countCalls, slowestMs } from './service';
import { spread } from './random';

const RESULTS = 300;
const RESULTS_PER_SECOND = 10;
const BEST_MS = (RESULTS / RESULTS_PER_SECOND) * 1000;

/** Many results at once from a service that hands out only so many a second. */
export async function getResults(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const service = await harness.service({
		durations: [0],
		limits: { result: RESULTS_PER_SECOND },
		pictures: { bytes: 10_000 },
	});
	const ids = await service.addSucceededTasks(RESULTS);
	const outcome = await runOurs(client, service, {
		input: ids.map((id) => ({ id })),
		parameters: { operation: 'getResult', requestId: '={{ $json.id }}' },
	});
	harness.say(`  ${endingOf(outcome)}`);
	return {
		work: `Get Result of ${RESULTS} request IDs, ten results a second allowed`,
		method: 'All tasks have succeeded. Downloads of 10 kB an image are included.',
		figures: [
			figure(`time / ${BEST_MS / 1000} s`, nodeMs(outcome) / BEST_MS, '×', { atMost: 1.2 }),
			figure('results refused', countCalls(outcome.record, 'result', 429), '', { atMost: 30 }),
			figure('images', imagesOf(outcome).length, '', { exactly: RESULTS }),
		],
	};
}

const ITEMS = 50;
const POLLS_PER_SECOND = 5;

/** A service that takes fewer polls than the node would make. */
export async function fivePolls(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const service = await harness.service({
		durations: spread(15_000, 30_000, ITEMS),
		limits: { status: POLLS_PER_SECOND },
		pictures: { bytes: 100_000 },
	});
	const parameters = { options: { maxTasksInFlight: ITEMS } };
	const outcome = await runOurs(client, service, { input: prompts(ITEMS), parameters });
	harness.say(`  ${endingOf(outcome)}`);
	const { record } = outcome;
	return {
		work: `${ITEMS} items of 15 to 30 s, all in flight, five polls a second allowed`,
		method: "The node's time by n8n's record, downloads of 100 kB an image included.",
		figures: [
			figure('time / slowest task', nodeMs(outcome) / slowestMs(record), '×', { atMost: 1.2 }),
			figure('polls refused', countCalls(record, 'status', 429), ''),
			figure('images', imagesOf(outcome).length, '', { exactly: ITEMS }),
		],
	};
}
