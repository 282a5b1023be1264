import { Checks } from './checks';
import { startCluster } from './cluster';
import type { Cluster } from './cluster';
import { Figures } from './figures';
import { underLoad } from './load';
import { losingWorkers } from './losing';
import { findPrograms } from './programs';
import { startRecipe } from './recipe';
import { credentialFor, startService } from './world';

const LONGEST_MS = 15 * 60_000;

/**
 * n8n in its queue mode: a main process, workers, Redis and PostgreSQL. Images under load; the
 * recipe that waits in the database; and what becomes of every task when a worker goes.
 */
async function main(): Promise<boolean> {
	const say = (line: string) => console.log(line);
	const checks = new Checks(say);
	const figures = new Figures();
	const signal = AbortSignal.any([AbortSignal.timeout(LONGEST_MS), untilStopped()]);
	const programs = findPrograms();
	const emulator = await startService();
	let cluster: Cluster | undefined;
	try {
		cluster = await startCluster(programs, { say, signal });
		const { client } = cluster.main;
		const credential = await credentialFor(client, emulator);
		const world = { cluster, client, emulator, credential, checks, say, signal };

		say('\nForty executions at once, each waiting in the node');
		await underLoad(world, figures);
		// Its waits are real ones, of more than a minute: the workers go meanwhile.
		const finishRecipe = await startRecipe(world, figures);
		await losingWorkers(world, figures);
		await finishRecipe();

		say(`\nMeasured\n${figures.toString()}\n`);
	} catch (error) {
		const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
		await checks.check('the test runs to its end', () => Promise.reject(new Error(words)));
	} finally {
		await cluster?.stop();
		await emulator.stop();
	}
	say(checks.summary);
	return checks.allPassed;
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
