import { resolve } from 'node:path';
import { npm } from '../../n8n/command';
import { pack } from '../../n8n/packed';
import { Checks } from '../queue/checks';
import { prepare } from './environment';
import type { Environment } from './environment';
import { killInEachPhase } from './killing';
import { checkOrders } from './ordering';
import { startQueue } from './queueSystem';
import { recoverFromLog } from './recovering';
import { retryAfterKill, retryTwice } from './retrying';
import { startRegular } from './system';
import type { SystemOptions } from './system';

const TIMEOUT_MS = 40 * 60_000;

const repository = resolve(__dirname, '..', '..', '..');

const SYSTEMS = { regular: startRegular, queue: startQueue };

type Mode = keyof typeof SYSTEMS;

/**
 * Kills n8n in every phase of an order of the durable workflows, and counts what was created and
 * delivered: `npm run e2e:durable`, or one mode alone with `-- regular` or `-- queue`.
 */
async function main(): Promise<boolean> {
	const chosen = process.argv.slice(2) as Mode[];
	const modes = chosen.length > 0 ? chosen : (Object.keys(SYSTEMS) as Mode[]);
	const unknown = modes.filter((mode) => !(mode in SYSTEMS));
	if (unknown.length > 0) throw new Error(`No mode is called ${unknown.join(', ')}.`);
	const say = (line: string) => console.log(line);
	const checks = new Checks(say);
	const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), untilStopped()]);
	await npm(['run', 'build', '--silent'], {
		doing: 'building the package',
		cwd: repository,
		say,
		signal,
	});
	const { tarball, remove } = await pack({ say, signal });
	try {
		for (const mode of modes) await inMode(mode, checks, { tarball, say, signal });
	} finally {
		await remove();
	}
	say(checks.summary);
	return checks.allPassed;
}

async function inMode(mode: Mode, checks: Checks, options: SystemOptions): Promise<void> {
	const { say, signal } = options;
	let stop: Array<() => Promise<void>> = [];
	try {
		const system = await SYSTEMS[mode](options);
		stop = [system.stop];
		const env: Environment = await prepare(system, { checks, say, signal });
		stop = [system.stop, env.emulator.stop, env.destination.stop];
		await killInEachPhase(env);
		await checkOrders(env);
		await retryAfterKill(env);
		await retryTwice(env);
		await recoverFromLog(env);
	} catch (error) {
		const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
		await checks.check(`${mode} mode runs to its end`, () => Promise.reject(new Error(words)));
	} finally {
		for (const end of stop) await end();
	}
}

/** Aborts at the first Ctrl-C or request to end; a second one ends everything at once. */
function untilStopped(): AbortSignal {
	const stopping = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(name, () => {
			if (stopping.signal.aborted) process.exit(130);
			stopping.abort(new Error(`Stopped by ${name}.`));
		});
	return stopping.signal;
}

main().then(
	(passed) => process.exit(passed ? 0 : 1),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		console.log('0 passed, 1 failed');
		process.exit(1);
	},
);
