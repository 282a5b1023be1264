import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runCLI } from 'jest';
import { repository } from '../harness/n8n';
import type { Mutant } from './mutant';
import { mutatedSource, pathOf } from './mutated';

/** Runs the unit and workflow tests that are to see a mutant, each on a source that has it. */

const { projects } = createRequire(__filename)('../../jest.config.js') as { projects: object[] };

/** A mutant, and why it counts as not seen where it was not. */
export type Verdict = { mutant: Mutant; survived?: string };

/** A process that has loaded n8n's engine for many mutants is replaced before it runs out of memory. */
const MAX_WORKER_MEMORY = '1.5GB';

/** Every mutant is a project of one run of Jest, which shares them out to its processes. */
const projectFor = (mutant: Mutant) => ({
	...projects[0],
	displayName: mutant.name,
	// One cache for all of them.
	id: 'mutants',
	// Where test files are looked for, once for each project.
	roots: ['unit', 'workflow'].map((folder) => join(repository, 'test', folder)),
	testMatch: [join(repository, 'test', `${mutant.caughtBy}.test.ts`)],
	testEnvironment: join(__dirname, 'failFast.js'),
	transform: {
		'^.+\\.ts$': [
			join(__dirname, 'transform.js'),
			{ file: join(repository, `${pathOf(mutant)}.ts`), source: mutatedSource(mutant) },
		],
	},
});

export async function runTests(mutants: Mutant[], workers: number): Promise<Verdict[]> {
	if (mutants.length === 0) return [];
	const config = {
		rootDir: repository,
		projects: mutants.map(projectFor),
		testTimeout: 20_000,
		workerIdleMemoryLimit: MAX_WORKER_MEMORY,
		reporters: [join(__dirname, 'reporter.js')],
	};
	const argv = { _: [], $0: 'mutants', config: JSON.stringify(config), maxWorkers: workers };
	const { results } = await runCLI(argv, [repository]);
	return mutants.map((mutant): Verdict => {
		const result = results.testResults.find(({ displayName }) => displayName?.name === mutant.name);
		if (result && result.numFailingTests > 0) return { mutant };
		return { mutant, survived: result?.failureMessage ?? `${mutant.caughtBy} is green` };
	});
}
