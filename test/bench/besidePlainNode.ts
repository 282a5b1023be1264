import { figure, medianOf } from './figure';
import type { Result } from './figure';
import type { BenchN8n, Harness } from './harness';
import { mustSucceed, nodeMs, prompts, runOurs, runPlain } from './runs';
import type { Order } from './runs';
import type { Service } from './service';

const CREATES = 2000;
const CREATE_RUNS = 3;
const STATUSES = 1500;
const MINUTE = 60_000;

type Run = typeof runOurs;

type Measured = { timeMs: number; freezeMs: number };

const mediansOf = (all: Measured[]): [timeMs: number, freezeMs: number] => [
	medianOf(all.map(({ timeMs }) => timeMs)),
	medianOf(all.map(({ freezeMs }) => freezeMs)),
];

/** How long the node takes, and how long n8n's process stands still at a time meanwhile. */
async function measure({ client, probe }: BenchN8n, service: Service, run: Run, order: Order) {
	await probe.collectGarbage();
	await probe.longestFreezeMs();
	const outcome = mustSucceed(await run(client, service, order), { items: order.input.length });
	return { timeMs: nodeMs(outcome), freezeMs: await probe.longestFreezeMs() };
}

/** Many tasks created without waiting: what our node costs n8n beyond a request an item. */
export async function manyCreates(harness: Harness): Promise<Result> {
	const n8n = await harness.n8n();
	const service = await harness.service({ durations: [MINUTE] });
	const order = { input: prompts(CREATES), parameters: { waitForCompletion: false } };
	const runs: Array<Record<'ours' | 'plain', Measured>> = [];
	// The first run of each compiles what the others reuse.
	for (let run = 0; run <= CREATE_RUNS; run++) {
		await service.reset();
		const ours = await measure(n8n, service, runOurs, order);
		await service.reset();
		const plain = await measure(n8n, service, runPlain, { input: order.input });
		harness.say(`  ours ${JSON.stringify(ours)}, plain node ${JSON.stringify(plain)}`);
		if (run > 0) runs.push({ ours, plain });
	}
	const [time, freeze] = mediansOf(runs.map(({ ours }) => ours));
	const [plainTime, plainFreeze] = mediansOf(runs.map(({ plain }) => plain));
	return {
		work: `${CREATES} items created without waiting, median of ${CREATE_RUNS} runs`,
		method:
			`Beside a declarative node that only sends the request, with as many routed fields ` +
			`(\`test/bench/plainNode\`), run by run in the same n8n. A freeze is the longest delay of ` +
			`the event loop of n8n's process.`,
		figures: [
			figure("time / the plain node's", time / plainTime, '×', { atMost: 1.2 }),
			figure("longest freeze / the plain node's", freeze / plainFreeze, '×', { atMost: 1.2 }),
			figure('time an item', time / CREATES, 'ms'),
			figure('time an item of the plain node', plainTime / CREATES, 'ms'),
		],
	};
}

/** Many status calls, which wait for their turn: the turns must not cost more the more wait. */
export async function manyStatuses(harness: Harness): Promise<Result> {
	const n8n = await harness.n8n();
	const service = await harness.service({ durations: [0] });
	const ids = await service.addSucceededTasks(STATUSES);
	const order = {
		input: ids.map((id) => ({ id })),
		parameters: { operation: 'getStatus', requestId: '={{ $json.id }}' },
	};
	// The first run of each compiles what the others reuse.
	await measure(n8n, service, runPlain, order);
	const plain = await measure(n8n, service, runPlain, order);
	const ours = await measure(n8n, service, runOurs, order);
	harness.say(`  ours ${JSON.stringify(ours)}, plain node ${JSON.stringify(plain)}`);
	return {
		work: `Get Status of ${STATUSES} request IDs`,
		method: 'One run of our node, after the second one of the plain node, in the same n8n.',
		figures: [
			figure(
				'longest freeze beyond that of the plain node',
				(ours.freezeMs - plain.freezeMs) / 1000,
				's',
				{ atMost: 1 },
			),
			figure('longest freeze of the plain node', plain.freezeMs / 1000, 's'),
		],
	};
}
