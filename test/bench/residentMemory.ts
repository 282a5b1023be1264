import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Resident memory of another process, from Linux's /proc. The kernel keeps the highest value itself
 * (VmHWM), so that no peak falls between two samples.
 */
export class ResidentMemory {
	/** Starts with the peak of now: that of n8n's start, which is higher, is forgotten. */
	constructor(private readonly pid: number) {
		// 5 resets the high-water mark; see proc(5), clear_refs.
		writeFileSync(`/proc/${pid}/clear_refs`, '5');
	}

	get peakMB(): number {
		const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
		const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
		return Number(kilobytes) / 1024;
	}
}
