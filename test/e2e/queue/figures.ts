import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import type { Processes } from '../processes';

/** What was measured on the way, said at the end. Figures fail nothing. */
export class Figures {
	private readonly lines: Array<[what: string, value: string]> = [];

	add(what: string, value: string): void {
		this.lines.push([what, value]);
	}

	/** The mean of these milliseconds in seconds. */
	mean(durations: number[]): string {
		const sum = durations.reduce((all, one) => all + one, 0);
		return (sum / durations.length / 1000).toFixed(2);
	}

	/** The most that a process had in memory so far, without what it has started. */
	memory(pid: number): string {
		const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(procFile(pid, 'status')) ?? [];
		return kilobytes ? `${Math.round(Number(kilobytes) / 1024)} MB` : 'unknown';
	}

	/** How busy the machine was in the last minute: times are worth little where others ran too. */
	addMachine(): void {
		const cores = availableParallelism();
		this.add('… load of the machine', `${loadavg()[0]?.toFixed(1)} on ${cores} cores`);
	}

	toString(): string {
		const width = Math.max(...this.lines.map(([what]) => what.length));
		return this.lines.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`).join('\n');
	}
}

const TICKS_A_SECOND = 100;

/** Processor time that n8n's processes have used so far, in seconds. */
export function secondsOfWork({ pids }: Processes): number {
	const ticks = pids.map((pid) => {
		// The name in brackets may hold spaces; the 14th and 15th fields are user and system time.
		const fields = procFile(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
		return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
	});
	return ticks.reduce((all, one) => all + one, 0) / TICKS_A_SECOND;
}

/** What the kernel says about a process; nothing where it is gone. */
function procFile(pid: number, name: string): string {
	try {
		return readFileSync(`/proc/${pid}/${name}`, 'utf8');
	} catch {
		return '';
	}
}
