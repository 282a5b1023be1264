import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from '../mutants';
import { isSimulated } from '../mutants/mutant';
import { mutatedSource } from '../mutants/mutated';

/** `npm run mutants` takes minutes; that each mutant still finds its place and its test is seen here. */
test('every mutant finds its place in the code, and names a test file that there is', () => {
	const lost = MUTANTS.flatMap((mutant) => {
		try {
			mutatedSource(mutant);
		} catch (error) {
			return [(error as Error).message];
		}
		if (isSimulated(mutant)) return [];
		const file = join(__dirname, '..', `${mutant.caughtBy}.test.ts`);
		return existsSync(file) ? [] : [`${mutant.name}: ${mutant.caughtBy}`];
	});
	expect(lost).toEqual([]);
	expect(MUTANTS.length).toBeGreaterThanOrEqual(130);
});
