import { rmSync } from 'node:fs';
import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Quietly } from './command';

const TOUCH_MS = 5000;
const STALE_MS = 30_000;

/** Takes the lock file if nobody holds it: a function that gives it back, else undefined. */
export async function tryLock(path: string): Promise<(() => void) | undefined> {
	if (await isStale(path)) await rm(path, { force: true });
	try {
		await writeFile(path, String(process.pid), { flag: 'wx' });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
		throw error;
	}
	const touch = setInterval(() => {
		const now = new Date();
		utimes(path, now, now).catch(() => {});
	}, TOUCH_MS);
	const release = () => {
		clearInterval(touch);
		process.off('exit', release);
		rmSync(path, { force: true });
	};
	process.on('exit', release);
	return release;
}

/** Waits for the lock file, does the work, gives the lock back. */
export async function withLock(
	path: string,
	work: () => Promise<void>,
	{ say, signal }: Quietly,
): Promise<void> {
	let release = await tryLock(path);
	if (!release) say?.(`Waiting for another process, which holds ${path} …`);
	for (; !release; release = await tryLock(path)) await sleep(1000, undefined, { signal });
	try {
		await work();
	} finally {
		release();
	}
}

/** Whether nobody has touched the lock for long: who held it was killed. */
async function isStale(path: string): Promise<boolean> {
	const held = await stat(path).catch(() => undefined);
	return held !== undefined && Date.now() - held.mtimeMs > STALE_MS;
}
