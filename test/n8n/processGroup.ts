import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

const running = new Set<ChildProcess>();
let sweeping = false;

/** Signals a child and everything that it started. On Windows, which has no signals, it ends them. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	if (process.platform === 'win32') {
		spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
		return;
	}
	try {
		process.kill(-child.pid, signal);
	} catch {
		// The group is gone already.
	}
}

/**
 * Starts a command as the leader of a process group of its own, so that a Ctrl-C in the terminal
 * reaches this process alone, which then ends the group in its own order. Whatever the leader
 * leaves behind in the group ends with it, and every group ends at the latest when this process
 * exits.
 */
export function spawnGroup(command: string, args: string[], options: SpawnOptions): ChildProcess {
	if (!sweeping) {
		sweeping = true;
		process.on('exit', () => running.forEach((child) => signalGroup(child, 'SIGKILL')));
		// Where nobody else answers these, they still end this process, but by way of its exit.
		for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
			process.on(name, () => {
				if (process.listenerCount(name) === 1) process.exit(1);
			});
	}
	const child = spawn(command, args, {
		...options,
		detached: process.platform !== 'win32',
		windowsHide: true,
	});
	if (child.pid !== undefined) running.add(child);
	child.once('exit', () => {
		running.delete(child);
		signalGroup(child, 'SIGKILL');
	});
	return child;
}

/** Asks a group to end (SIGTERM), ends it for good after the grace, and returns when it has ended. */
export async function stopGroup(child: ChildProcess, graceMs = 10_000): Promise<void> {
	if (!running.has(child)) return;
	await new Promise<void>((resolve) => {
		const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
		child.once('exit', () => {
			clearTimeout(kill);
			resolve();
		});
		signalGroup(child, 'SIGTERM');
	});
}
