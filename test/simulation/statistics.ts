import { outputsOf } from './invariants/items';
import type { Simulation } from './simulation';

/** What happened in so many simulations: it shows that the faults really came about. */
export type Statistics = Record<string, number>;

export function countIn({ history, scenario, service, clock }: Simulation): Statistics {
	const counts: Statistics = { simulations: 1 };
	const count = (name: string, many = 1) => {
		counts[name] = (counts[name] ?? 0) + many;
	};
	count(`operation ${scenario.operation}`);
	count('simulated hours', clock.now / 3_600_000);
	count('items', scenario.items);
	if (scenario.items > 100) count('more than 100 items');
	if (scenario.stop) count(`Stop, ${scenario.onError}`);
	if (scenario.batchInterval > 0) count('Batching');
	if (scenario.keyFromExpression) count('key from an expression');
	if (scenario.wallClock.length > 0) count('wall clock set');
	if (scenario.throwsFrom !== undefined) count('an expression throws');
	for (const run of history.runs) {
		count('executions');
		count('promises', run.promises);
		count(`executions: ${run.result.status}`);
		if (scenario.tries > 1 && run.nodeRuns.length > 1 && run.stoppedAt === undefined) {
			count('tries by Retry On Fail', run.nodeRuns.length - 1);
		}
		const outputs = outputsOf(run);
		count('items put out', outputs.length);
		count('items: failed', outputs.filter(({ item }) => item.json.error !== undefined).length);
		count('images', outputs.flatMap(({ item }) => Object.keys(item.binary ?? {})).length);
	}
	count('executions by "Retry execution"', Math.max(0, history.runs.length - 1));
	if (scenario.retriesFirst && history.runs.length > 2) count('the first execution retried twice');
	for (const { call, fault, accepted, outcome } of history.exchanges) {
		count('requests');
		count(`requests: ${call}`);
		if (fault !== 'none') count(`fault: ${fault}`);
		if (accepted !== undefined) count('creates accepted');
		if (accepted !== undefined && outcome?.kind !== 'answered')
			count('creates accepted in silence');
		if (outcome?.kind === 'aborted') count('requests given up by the node');
	}
	for (const { plan } of service.tasks.values()) {
		count(`tasks: ${plan.endsAt === Infinity ? 'never end' : plan.ending.how}`);
	}
	return counts;
}

export function add(sum: Statistics, more: Statistics): void {
	for (const [name, many] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + many;
}

export const shown = (statistics: Statistics): string =>
	Object.entries(statistics)
		.sort(([a], [b]) => a.localeCompare(b))
		.map(([name, many]) => `  ${String(Math.round(many)).padStart(9)}  ${name}`)
		.join('\n');
