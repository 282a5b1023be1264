import type { Scenario } from '../simulation/scenario';

/**
 * A fault that is put into the node while it is loaded, to prove that a test sees it. It names a node of
 * the syntax tree of one file by its source, in a function where the file has several.
 */
export type Mutant = {
	/** What the node does then. */
	name: string;
	/** Below `nodes/GptImage1`, or `credentials/…`; without its extension. */
	file: string;
	/** The function or method; the whole file where it is absent. */
	within?: string;
	/** The source of the node, blanks aside; without it, `put` becomes the function's first statement. */
	find?: string;
	put: string;
	/** Its test file below `test`, without `.test.ts`; or how the simulation's violations begin. */
	caughtBy: string;
	/** What a scenario of the simulation has to be like for it to show soon. */
	given?: Partial<Scenario>;
};

export const isSimulated = ({ caughtBy }: Mutant) => !caughtBy.includes('/');

type Entry = Omit<Mutant, 'name' | 'file' | 'caughtBy'> & { caughtBy?: string };

/** The mutants of one file by their names, and who sees those that do not say so themselves. */
export const mutantsOf = (
	file: string,
	caughtBy: string,
	entries: Record<string, Entry>,
): Mutant[] => Object.entries(entries).map(([name, entry]) => ({ name, file, caughtBy, ...entry }));

/** What the scenarios of several mutants share. */
export const GENERATE = { operation: 'generate' } as const;
export const TRIES = { ...GENERATE, tries: 3 } as const;
export const WAITS = { ...GENERATE, wait: true, tries: 1, retryExecution: 0 } as const;

export const stopAfter = (requests: number, execution = 1) => ({
	stop: { execution, afterRequests: requests, plusMs: 0 },
});
