import { outputsOf } from './invariants/facts';
import type { Simulation } from './simulation';

/** What happened in so many simulations: it shows that the faults really came about. */
export type Statistics = Record<string, number>;

export function countIn({ history, scenario, service, clock }: Simulation): Statistics {
	const { operation, items, stop, batchInterval, keyFromExpression, wallClock } = scenario;
	const counts: Statistics = { 'simulated hours': clock.now / 3_600_000, items };
	const count = (name: string, many: number | boolean = 1) => add(counts, { [name]: +many });
	count(`operation ${operation}`);
	count('more than 100 items', items > 100);
	if (stop) count(`Stop, ${scenario.onError}`);
	count('Batching', batchInterval > 0);
	count('key from an expression', keyFromExpression);
	count("the system's clock is set", wallClock.length > 0);
	count('an expression throws', scenario.throwsFrom !== undefined);
	count('the first execution retried twice', scenario.retriesFirst && history.runs.length > 2);
	for (const run of history.runs) {
		const outputs = outputsOf(run);
		count(`executions: ${run.result.status}`);
		if (scenario.tries > 1) count('tries by Retry On Fail', run.nodeRuns.length - 1);
		count('items put out', outputs.length);
		count('items: failed', outputs.filter(({ item }) => item.json.error !== undefined).length);
		count('images', outputs.flatMap(({ item }) => Object.keys(item.binary ?? {})).length);
	}
	for (const { call, fault, accepted, outcome } of history.exchanges) {
		count(`requests: ${call}`);
		count(`fault: ${fault}`);
		count('creates accepted in silence', accepted !== undefined && outcome?.kind !== 'answered');
		count('requests given up by the node', outcome?.kind === 'aborted');
	}
	for (const { plan } of service.tasks.values()) {
		count(`tasks: ${plan.endsAt === Infinity ? 'never end' : plan.ending.how}`);
	}
	return counts;
}

export function add(sum: Statistics, more: Statistics): void {
	for (const [name, many] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + many;
}
