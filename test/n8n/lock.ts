import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_MS = 5000;
const STALE_MS = 30_000;

/** Takes the lock file if nobody holds it: a function that gives it back, else undefined. */
export async function tryLock(path: string): Promise<(() => Promise<void>) | undefined> {
	const age = await stat(path).then(
		({ mtimeMs }) => Date.now() - mtimeMs,
		() => undefined,
	);
	if (age !== undefined && (age > STALE_MS || !(await holderLives(path))))
		await rm(path, { force: true });
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
	const dropAtExit = () => rmSync(path, { force: true });
	process.on('exit', dropAtExit);
	return async () => {
		clearInterval(touch);
		process.off('exit', dropAtExit);
		await rm(path, { force: true });
	};
}

/** Waits for the lock file, does the work, gives the lock back. */
export async function withLock<T>(
	path: string,
	work: () => Promise<T>,
	{ waiting, signal }: { waiting?: () => void; signal?: AbortSignal } = {},
): Promise<T> {
	let release = await tryLock(path);
	if (!release) waiting?.();
	while (!release) {
		await sleep(1000, undefined, { signal });
		release = await tryLock(path);
	}
	try {
		return await work();
	} finally {
		await release();
	}
}

/** Whether the process that wrote the lock runs still; in doubt, yes. */
async function holderLives(path: string): Promise<boolean> {
	const pid = Number(await readFile(path, 'utf8').catch(() => ''));
	if (!pid) return true;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== 'ESRCH';
	}
}
