import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** The command line of `npm run engines`. */

interface Chosen {
	engines: Array<{ name: string; isOwn: boolean }>;
	jest: string[];
}

const folder = join(__dirname, '..', 'core-versions');
const { readArguments } = jest.requireActual<{ readArguments(args: string[]): Chosen }>(
	join(folder, 'arguments.js'),
);

const ALL = ['1.122', '2.0', '2.30', '2.41'];
const WORKFLOW = ['--selectProjects', 'workflow'];
const STOP = 'test/workflow/stop.test.ts';

test.each<[string, string[], string[]]>([
	['', ALL, WORKFLOW],
	['1.122', ['1.122'], WORKFLOW],
	['2.0 2.41', ['2.0', '2.41'], WORKFLOW],
	['2.30 unit', ['2.30'], ['--selectProjects', 'unit']],
	['unit workflow', ALL, ['--selectProjects', 'unit', 'workflow']],
	['2.0 --selectProjects package', ['2.0'], ['--selectProjects', 'package']],
	// A word behind --selectProjects would be one more project: the path comes before it.
	[STOP, ALL, [STOP, ...WORKFLOW]],
	[`1.122 ${STOP} -t Stop`, ['1.122'], [STOP, '-t', 'Stop', ...WORKFLOW]],
])('npm run engines -- %s', (line, engines, args) => {
	const chosen = readArguments(line.split(' ').filter(Boolean));
	expect(chosen.engines.map(({ name }) => name)).toEqual(engines);
	expect(chosen.jest).toEqual(args);
});

test.each(['2.1', '1.122 3.0', '2.41.1'])(
	'%s: no such engine, and it says which there are',
	(line) => {
		expect(() => readArguments(line.split(' '))).toThrow(
			/set up here: 1\.122, 2\.0, 2\.30, 2\.41\.$/,
		);
	},
);

test('every engine but our own has a folder with a lock file, and there is no other folder', () => {
	const folders = readdirSync(folder).filter((name) =>
		existsSync(join(folder, name, 'package-lock.json')),
	);
	expect(folders.sort()).toEqual(
		readArguments([])
			.engines.filter(({ isOwn }) => !isOwn)
			.map(({ name }) => name)
			.sort(),
	);
});
