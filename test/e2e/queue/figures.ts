import { existsSync, readFileSync } from 'node:fs';
import type { Processes } from '../processes';

/** What was measured on the way, said at the end; docs/scaling.md quotes it. Figures fail nothing. */
export const figures: Array<[what: string, value: string]> = [];

export function printFigures(): void {
	const lines = figures.map(([what, value]) => `  ${what}: ${value}`);
	process.stdout.write(`\nMeasured\n${lines.join('\n')}\n\n`);
}

const sumOf = (all: number[]) => all.reduce((sum, one) => sum + one, 0);

/** The mean of these milliseconds, in seconds. */
export const meanSeconds = (durations: number[]) =>
	(sumOf(durations) / durations.length / 1000).toFixed(2);

/** What the kernel says about a process; nothing where it is gone. */
function procFile(pid: number, name: string): string {
	const path = `/proc/${pid}/${name}`;
	return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Processor time that n8n's processes have used so far, in seconds. */
export function secondsOfWork({ pids }: Processes): number {
	// After the name in brackets: user and system time, in hundredths of a second.
	const ticks = pids.flatMap((pid) =>
		procFile(pid, 'stat').split(') ')[1]?.split(' ').slice(11, 13),
	);
	return sumOf(ticks.map((count) => Number(count ?? 0))) / 100;
}

/** The most that a process had in memory so far, without what it has started. */
export const memoryOf = (pid: number) => /VmHWM:\s+(\d+ kB)/.exec(procFile(pid, 'status'))?.[1];
