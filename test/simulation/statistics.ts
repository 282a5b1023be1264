import { rowsOf } from './invariants/rows';
import type { World } from './world';

/** What happened in so many worlds: it shows that the misfortunes really came about. */
export type Statistics = Record<string, number>;

export function countIn({ history, scenario, service, time }: World): Statistics {
	const counts: Statistics = { worlds: 1 };
	const count = (name: string, many = 1) => {
		counts[name] = (counts[name] ?? 0) + many;
	};
	count(`operation ${scenario.operation}`);
	count('simulated hours', time.now / 3_600_000);
	count('items', scenario.items);
	for (const run of history.runs) {
		count('executions');
		count(`executions: ${run.result.status}`);
		if (run.nodeRuns.length > 1 && run.stoppedAt === undefined) {
			count('tries by Retry On Fail', run.nodeRuns.length - 1);
		}
		const rows = rowsOf(run);
		count('rows', rows.length);
		count('rows: failures', rows.filter(({ row }) => row.json.error !== undefined).length);
		count('images', rows.flatMap(({ row }) => Object.keys(row.binary ?? {})).length);
	}
	count('executions by "Retry execution"', Math.max(0, history.runs.length - 1));
	for (const { call, fault, accepted, outcome } of history.exchanges) {
		count('requests');
		count(`requests: ${call}`);
		if (fault !== 'none') count(`misfortune: ${fault}`);
		if (accepted !== undefined) count('creates accepted');
		if (accepted !== undefined && outcome?.kind !== 'answered')
			count('creates accepted in silence');
		if (outcome?.kind === 'aborted') count('requests given up by the node');
	}
	for (const { ending } of service.tasks.values()) count(`tasks: ${ending}`);
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
