import { outputsOf } from './invariants/facts';
import type { Simulation } from './simulation';

/** What happened in so many simulations: it shows that the faults really came about. */
export type Statistics = Record<string, number>;

export function countIn({ history, scenario, service }: Simulation): Statistics {
	const counts: Statistics = {};
	const count = (name: string, many: number | boolean = 1) => add(counts, { [name]: +many });
	count(`operation ${scenario.operation}`);
	count('an expression throws', scenario.throwsFrom !== undefined);
	for (const run of history.runs) {
		count(`executions: ${run.result.status}`);
		count('tries by Retry On Fail', scenario.tries > 1 && run.nodeRuns.length - 1);
		for (const { item } of outputsOf(run)) {
			count(item.json.error === undefined ? 'items' : 'items: failed');
			count('images', Object.keys(item.binary ?? {}).length);
		}
	}
	for (const { call, fault, accepted, outcome } of history.exchanges) {
		count(`requests: ${call}`);
		count(`fault: ${fault}`);
		count('creates accepted in silence', accepted !== undefined && outcome?.kind !== 'answered');
	}
	for (const { plan } of service.tasks.values()) {
		count(`tasks: ${plan.endsAt === Infinity ? 'never end' : plan.ending.how}`);
	}
	return counts;
}

export function add(sum: Statistics, more: Statistics): void {
	for (const [name, many] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + many;
}
