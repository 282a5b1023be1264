import { resolve } from 'node:path';
import { npm } from '../../n8n/command';
import { pack } from '../../n8n/packed';
import { Checks } from './checks';
import { prepare } from './environment';
import type { Environment } from './environment';
import { killInEachPhase } from './killing';
import { checkOrders } from './ordering';
import { startQueue } from './queueSystem';
import { recoverFromLog } from './recovering';
import { retrying } from './retrying';
import { startRegular } from './system';
import type { SystemOptions } from './system';

const TIMEOUT_MS = 40 * 60_000;

const repository = resolve(__dirname, '..', '..', '..');

const SYSTEMS = { regular: startRegular, queue: startQueue };

type Mode = keyof typeof SYSTEMS;

const PARTS = {
	killing: killInEachPhase,
	ordering: checkOrders,
	retrying,
	recovering: recoverFromLog,
};

type Part = keyof typeof PARTS;

/**
 * Kills n8n in every phase of an order of the durable workflows, and counts what was created and
 * delivered: `npm run e2e:durable`. Modes and parts can be chosen: `-- regular killing`.
 */
async function main(): Promise<boolean> {
	const words = process.argv.slice(2);
	const chosen = <Name extends string>(all: Record<Name, unknown>): Name[] => {
		const names = Object.keys(all) as Name[];
		const named = names.filter((name) => words.includes(name));
		return named.length > 0 ? named : names;
	};
	const unknown = words.filter((word) => !(word in SYSTEMS) && !(word in PARTS));
	if (unknown.length > 0) throw new Error(`No mode or part is called ${unknown.join(', ')}.`);
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
		for (const mode of chosen(SYSTEMS))
			await inMode(mode, chosen(PARTS), checks, { tarball, say, signal });
	} finally {
		await remove();
	}
	say(checks.summary);
	return checks.allPassed;
}

async function inMode(
	mode: Mode,
	parts: Part[],
	checks: Checks,
	options: SystemOptions,
): Promise<void> {
	const { say, signal } = options;
	let stop: Array<() => Promise<void>> = [];
	try {
		const system = await SYSTEMS[mode](options);
		stop = [system.stop];
		const env: Environment = await prepare(system, { checks, say, signal });
		stop = [system.stop, env.emulator.stop, env.destination.stop];
		for (const part of parts) await PARTS[part](env);
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
