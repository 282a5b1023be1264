import { declared } from './declared';
import { errors } from './errors';
import { images } from './images';
import type { Mutant } from './mutant';
import { run } from './run';
import { service } from './service';
import { tasks } from './tasks';
import { timing } from './timing';

/** By the folders of the node; what `run/` does with its tasks has a file of its own. */
export const MUTANTS: Mutant[] = [declared, run, tasks, images, service, timing, errors].flat();

/** @throws Error where there is none of this name */
export function mutantNamed(name: string): Mutant {
	const mutant = MUTANTS.find((one) => one.name === name);
	if (!mutant) throw new Error(`There is no mutant "${name}"`);
	return mutant;
}
