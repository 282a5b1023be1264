import { errors } from './errors';
import { images } from './images';
import type { Mutant } from './mutant';
import { operationRuns } from './operationRuns';
import { operations } from './operations';
import { run } from './run';
import { service } from './service';
import { timing } from './timing';

export const MUTANTS: Mutant[] = [
	...operations,
	...run,
	...operationRuns,
	...images,
	...service,
	...timing,
	...errors,
];

/** @throws Error where there is none of this name */
export function mutantNamed(name: string): Mutant {
	const mutant = MUTANTS.find((one) => one.name === name);
	if (!mutant) throw new Error(`There is no mutant "${name}"`);
	return mutant;
}
