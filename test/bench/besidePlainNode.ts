import type { Emulator } from '../emulator';
import type { N8n } from '../n8n/instance';
import { ask } from './harness';
import type { Harness } from './harness';
import { figure, medianOf } from './report';
import type { Result } from './report';
import { mustMake, PLAIN, prompts, run, succeededTasks } from './runs';
import type { Order } from './runs';

const CREATES = 2000;

/** How long the node takes, and how long n8n's process stands still at a time meanwhile. */
async function measure(n8n: N8n, service: Emulator, order: Order, type?: string) {
	await ask(n8n, 'start');
	const outcome = await run(n8n.client, service, order, type);
	const { ms } = mustMake('items', order.input.length, outcome);
	return { ms, freezeMs: await ask(n8n, 'freezeMs') };
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** Many tasks created without waiting: what our node costs n8n beyond a request an item. */
export async function manyCreates(harness: Harness): Promise<Result> {
	const n8n = await harness.n8n();
	const service = async () => await harness.service({ durations: [60_000] });
	const input = prompts(CREATES);
	const order = { input, parameters: { waitForCompletion: false } };
	const runs: Array<Record<'ours' | 'plain', Measured>> = [];
	for (let count = 0; count < 4; count++) {
		const ours = await measure(n8n, await service(), order);
		const plain = await measure(n8n, await service(), { input }, PLAIN);
		// The first run of each compiles what the others reuse.
		if (count > 0) runs.push({ ours, plain });
	}
	const median = (who: 'ours' | 'plain', what: keyof Measured) =>
		medianOf(runs.map((one) => one[who][what]));
	const [ms, plainMs] = [median('ours', 'ms'), median('plain', 'ms')];
	const freezes = median('ours', 'freezeMs') / median('plain', 'freezeMs');
	return {
		work: `${CREATES} items created without waiting, median of 3 runs`,
		method:
			'Beside a declarative node that only sends the request, with as many routed fields ' +
			'(`test/bench/plainNode`), run by run in the same n8n. A freeze is the longest delay of ' +
			"the event loop of n8n's process.",
		figures: [
			figure("time / the plain node's", ms / plainMs, '×', { atMost: 1.2 }),
			figure("longest freeze / the plain node's", freezes, '×', { atMost: 1.2 }),
			figure('time an item', ms / CREATES, 'ms'),
			figure('time an item of the plain node', plainMs / CREATES, 'ms'),
		],
	};
}

/** Many status calls, which wait for their turn: the turns must not cost more the more wait. */
export async function manyStatuses(harness: Harness): Promise<Result> {
	const n8n = await harness.n8n();
	const service = await harness.service({ durations: [0] });
	const parameters = { operation: 'getStatus', requestId: '={{ $json.id }}' };
	const order = { input: succeededTasks(service, 1500), parameters };
	// The first run of each compiles what the others reuse.
	await measure(n8n, service, order, PLAIN);
	const plain = await measure(n8n, service, order, PLAIN);
	const ours = await measure(n8n, service, order);
	const beyond = (ours.freezeMs - plain.freezeMs) / 1000;
	return {
		work: 'Get Status of 1500 request IDs',
		method: 'One run of our node, after the second one of the plain node, in the same n8n.',
		figures: [
			figure('longest freeze beyond that of the plain node', beyond, 's', { atMost: 1 }),
			figure('longest freeze of the plain node', plain.freezeMs / 1000, 's'),
		],
	};
}
