import { declared } from './declared';
import { errors } from './errors';
import { downloads } from './images/downloads';
import { outputItems } from './images/outputItems';
import type { Mutant } from './mutant';
import { items } from './run/items';
import { ledger } from './run/ledger';
import { nodeRuns } from './run/nodeRuns';
import { operations } from './run/operations';
import { outcomes } from './run/outcomes';
import { tasks } from './run/tasks';
import { waits } from './run/waits';
import { calls } from './service/calls';
import { client } from './service/client';
import { failures } from './service/failures';
import { requests } from './service/requests';
import { responses } from './service/responses';
import { timing } from './timing';

export const MUTANTS: Mutant[] = [
	declared,
	[items, ledger, nodeRuns, operations, outcomes, tasks, waits],
	[downloads, outputItems],
	[calls, client, failures, requests, responses],
	timing,
	errors,
].flat(2);

/** @throws Error where there is none of this name */
export function mutantNamed(name: string): Mutant {
	const mutant = MUTANTS.find((one) => one.name === name);
	if (!mutant) throw new Error(`There is no mutant "${name}"`);
	return mutant;
}
