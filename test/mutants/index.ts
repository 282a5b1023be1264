import type { Mutant } from './mutant';
import { operationRuns } from './operationRuns';
import { run } from './run';
import { service } from './service';
import { timing } from './timing';

export const MUTANTS: Mutant[] = [...run, ...operationRuns, ...service, ...timing];

/** @throws Error where there is none of this name */
export function mutantNamed(name: string): Mutant {
	const mutant = MUTANTS.find((one) => one.name === name);
	if (!mutant) throw new Error(`There is no mutant "${name}"`);
	return mutant;
}
