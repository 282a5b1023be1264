import { mutantNamed } from '../mutants';
import { isSimulated } from '../mutants/mutant';
import { mutate } from './mutate';
import type { Scenario } from './scenario';
import { simulate } from './simulate';
import { SimulationEngine } from './simulationEngine';
import { count } from './tally';
import type { Tally } from './tally';

/** A process that simulates; a message is a batch of seeds, the response what became of them. */

export type Batch = {
	seeds: number[];
	/** Name of a mutant; then the first seed that violates its invariant ends the batch. */
	mutant?: string;
	changes?: Partial<Scenario>;
};

type Failure = { seed: number; violations: string[]; trace: string; scenario: string };

export type BatchResult = { failures: Failure[]; tally: Tally };

let engine: SimulationEngine | undefined;
let loaded: string | undefined;

async function runBatch({ seeds, mutant: name, changes }: Batch): Promise<BatchResult> {
	const mutant = name === undefined ? undefined : mutantNamed(name);
	const wanted = mutant && isSimulated(mutant) ? mutant.caughtBy : '';
	if (!engine || loaded !== name) {
		await engine?.engine.stop();
		mutate(mutant);
		engine = await SimulationEngine.start();
		loaded = name;
	}
	const result: BatchResult = { failures: [], tally: {} };
	for (const seed of seeds) {
		const simulation = await simulate(seed, engine, { ...mutant?.given, ...changes });
		count(simulation, result.tally);
		const { history, scenario } = simulation;
		const { violations } = history;
		if (violations.length === 0) continue;
		const shown = JSON.stringify({ ...scenario, key: undefined });
		result.failures.push({ seed, violations, trace: history.trace(), scenario: shown });
		if (mutant && violations.some((violation) => violation.startsWith(wanted))) break;
	}
	return result;
}

// Where it rejects, the process ends.
process.on('message', async (batch: Batch) => process.send!(await runBatch(batch)));
