import type { Simulation } from './simulation';

/** How often what happened: it shows that the faults really came about. */
export type Tally = Record<string, number>;

export function add(sum: Tally, name: string, many = 1): void {
	sum[name] = (sum[name] ?? 0) + many;
}

export function count({ history, scenario, service }: Simulation, sum: Tally): void {
	const { operation, onError, items, stop, batchInterval, keyFromExpression } = scenario;
	add(sum, `operation: ${operation}`);
	if (stop) add(sum, `Stop, ${onError}`);
	add(sum, 'more than 100 items', +(items > 100));
	add(sum, 'Batching', +(batchInterval > 0));
	add(sum, 'key from an expression', +keyFromExpression);
	add(sum, "the system's clock is set", +(scenario.wallClock.length > 0));
	add(sum, 'an expression throws', +(scenario.throwsFrom !== undefined));
	add(sum, 'the first execution retried twice', +scenario.retriesFirst);
	for (const { result } of history.runs) add(sum, `execution: ${result.status}`);
	for (const { call, fault } of history.exchanges) add(sum, `${call}: ${fault}`);
	for (const { plan } of service.tasks.values()) {
		add(sum, `task: ${plan.endsAt === Infinity ? 'never ends' : plan.ending.how}`);
	}
}
