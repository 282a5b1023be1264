import type { Scenario } from '../simulation/scenario';

/** A fault that is put into the node while it is loaded, to prove that a test sees it. */
export type Mutant = Simulated & {
	/** What the node does then. */
	name: string;
	/** Below `nodes/GptImage1`, or `credentials/…`; without its extension. */
	file: string;
	/** Its test file below `test`, without `.test.ts`; or how the simulation's violations begin. */
	caughtBy: string;
};

/**
 * `THIS → THAT`, where THIS is the source, blanks aside, of one node of the syntax tree of the file;
 * `in NAME: THIS → THAT`, where it is the only one in a function, or a field of the editor;
 * `in NAME: THAT`, where THAT becomes the function's first statement.
 */
type Change = string;

type Simulated = {
	change: Change;
	/** What a scenario of the simulation has to be like for it to show soon. */
	given?: Partial<Scenario>;
	/** A seed for which it shows, to be tried first. */
	seed?: number;
};

export const isSimulated = ({ caughtBy }: Mutant) => !caughtBy.includes('/');

/** @param groups mutants by their names, under their file and who has to see them: `file: caughtBy` */
export const mutantsOf = (groups: Record<string, Record<string, Change | Simulated>>): Mutant[] =>
	Object.entries(groups).flatMap(([group, entries]) => {
		const [file = '', caughtBy = ''] = group.split(': ');
		return Object.entries(entries).map(([name, entry]) => ({
			...{ name, file, caughtBy },
			...(typeof entry === 'string' ? { change: entry } : entry),
		}));
	});

/** What the scenarios of several mutants share. */
export const GENERATE = { operation: 'generate' } as const;
export const TRIES = { ...GENERATE, tries: 3 } as const;
export const WAITS = { ...GENERATE, wait: true, tries: 1, retryExecution: 0 } as const;

export const stopAfter = (afterRequests: number, execution = 1) => ({
	stop: { execution, afterRequests, plusMs: 0 },
});
