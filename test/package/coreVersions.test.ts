import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** The command line of `npm run engines`. */

const folder = join(__dirname, '..', 'core-versions');
const { readArguments } = jest.requireActual<{
	readArguments(args: string[]): {
		engines: Array<{ name: string; isOwn: boolean }>;
		jest: string[];
	};
}>(join(folder, 'arguments.js'));

const ALL = ['1.122', '2.0', '2.30', '2.41'];
const STOP = 'test/workflow/stop.test.ts';

test.each<[string, string[], string]>([
	['', ALL, '--selectProjects workflow'],
	['2.0 2.41', ['2.0', '2.41'], '--selectProjects workflow'],
	['unit workflow', ALL, '--selectProjects unit workflow'],
	['2.0 --selectProjects package', ['2.0'], '--selectProjects package'],
	// A word behind --selectProjects would be one more project: the path comes before it.
	[`1.122 ${STOP} -t Stop`, ['1.122'], `${STOP} -t Stop --selectProjects workflow`],
])('npm run engines -- %s', (line, engines, args) => {
	const chosen = readArguments(line.split(' ').filter(Boolean));
	expect(chosen.engines.map(({ name }) => name)).toEqual(engines);
	expect(chosen.jest.join(' ')).toBe(args);
});

test('an engine that there is not: it says which there are', () => {
	const setUp = /set up here: 1\.122, 2\.0, 2\.30, 2\.41\.$/;
	expect(() => readArguments(['1.122', '3.0'])).toThrow(setUp);
});

test('every engine but our own has a folder with a lock file, and there is no other folder', () => {
	const hasLock = (name: string) => existsSync(join(folder, name, 'package-lock.json'));
	const others = readArguments([]).engines.filter(({ isOwn }) => !isOwn);
	expect(readdirSync(folder).filter(hasLock)).toEqual(others.map(({ name }) => name));
});
