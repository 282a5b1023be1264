import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runCLI } from 'jest';
import { repository } from '../harness/n8n';
import type { Mutant } from './mutant';
import { mutatedSource, pathOf } from './mutated';

const { projects } = createRequire(__filename)('../../jest.config.js') as {
	projects: object[];
};

/** Runs the unit and workflow tests that are to see a mutant, each on a source that has it. */

export type TestedMutant = Mutant & { caughtBy: string };

export type Verdict = { mutant: Mutant; caughtBy: string } | { mutant: Mutant; failed: string };

const testFile = ({ caughtBy }: TestedMutant) => join(repository, 'test', `${caughtBy}.test.ts`);

/** A process that has loaded n8n's engine for many mutants is replaced before it runs out of memory. */
const MAX_WORKER_MEMORY = '1.5GB';

/** Every mutant is a project of one run of Jest, which shares them out to its processes. */
const projectFor = (mutant: TestedMutant) => ({
	...projects[0],
	displayName: mutant.name,
	// One cache for all of them.
	id: 'mutants',
	// Where test files are looked for, once for each project.
	roots: ['unit', 'workflow'].map((folder) => join(repository, 'test', folder)),
	testMatch: [testFile(mutant)],
	testEnvironment: join(__dirname, 'failFast.js'),
	transform: {
		'^.+\\.ts$': [
			join(__dirname, 'transform.js'),
			{ file: join(repository, `${pathOf(mutant)}.ts`), source: mutatedSource(mutant) },
		],
	},
});

export async function runTests(mutants: TestedMutant[], workers: number): Promise<Verdict[]> {
	if (mutants.length === 0) return [];
	const nowhere = mutants.find((mutant) => !existsSync(testFile(mutant)));
	if (nowhere) throw new Error(`${nowhere.name}: there is no test file ${nowhere.caughtBy}`);
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
		const failed = result?.testResults.find(({ status }) => status === 'failed');
		if (failed) return { mutant, caughtBy: `${mutant.caughtBy}: ${failed.fullName}` };
		return { mutant, failed: result?.failureMessage ?? `${mutant.caughtBy} is green` };
	});
}
