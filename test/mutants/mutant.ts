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
} & Caught;

type Caught =
	/** The test file of Jest that sees it, below `test`; without `.test.ts`. */
	{ caughtBy: string } | SeenAs;

type SeenAs = {
	/** The invariant of the simulation that sees it: how its violations begin. */
	seenAs: string;
	/** What a scenario has to be like for it to show soon. */
	given?: Partial<Scenario>;
};

export type SimulatedMutant = Mutant & SeenAs;

export const isSimulated = (mutant: Mutant): mutant is SimulatedMutant => 'seenAs' in mutant;

type Entry = Omit<Mutant, 'file' | 'caughtBy'> & Partial<Caught>;

/** The mutants of one file, and the test file that sees those that name none themselves. */
export const mutantsOf = (file: string, caughtBy: string, entries: Entry[]): Mutant[] =>
	entries.map(
		(entry) => ('seenAs' in entry ? { file, ...entry } : { file, caughtBy, ...entry }) as Mutant,
	);
