import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import type { Processes } from '../processes';

/** What was measured on the way, said at the end; docs/scaling.md quotes it. Figures fail nothing. */
export const figures: Array<[what: string, value: string]> = [];

export function printFigures(): void {
	const cores = availableParallelism();
	// Times are worth little where others ran too.
	figures.push(['Load of the machine at the end', `${loadavg()[0]?.toFixed(1)} on ${cores} cores`]);
	const width = Math.max(...figures.map(([what]) => what.length));
	const lines = figures.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`);
	process.stdout.write(`\nMeasured\n${lines.join('\n')}\n\n`);
}

const sumOf = (all: number[]) => all.reduce((sum, one) => sum + one, 0);

/** The mean of these milliseconds, in seconds. */
export const meanSeconds = (durations: number[]) =>
	(sumOf(durations) / durations.length / 1000).toFixed(2);

const TICKS_A_SECOND = 100;

/** Processor time that n8n's processes have used so far, in seconds. */
export const secondsOfWork = ({ pids }: Processes): number =>
	sumOf(
		pids.map((pid) => {
			// The name in brackets may hold spaces; the 14th and 15th fields are user and system time.
			const fields = procFile(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
			return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND;
		}),
	);

/** The most that a process had in memory so far, without what it has started. */
export const memoryOf = (pid: number) =>
	/VmHWM:\s+(\d+ kB)/.exec(procFile(pid, 'status'))?.[1] ?? 'unknown';

/** What the kernel says about a process; nothing where it is gone. */
function procFile(pid: number, name: string): string {
	try {
		return readFileSync(`/proc/${pid}/${name}`, 'utf8');
	} catch {
		return '';
	}
}
