import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';

/** The rule of eslint.rooms.js: imports between the rooms of nodes/GptImage1 run one way. */

const repository = join(__dirname, '..', '..');
const { importDirection } = jest.requireActual<{
	importDirection(plugin: unknown): Linter.Config[];
}>(join(repository, 'eslint.rooms.js'));

const RULE = '@typescript-eslint/no-restricted-imports';
const ROOMS = ['operations', 'run', 'images', 'service', 'timing', 'errors'];
const ALLOWED: Record<string, string[]> = {
	operations: ['run', 'images', 'service', 'timing'],
	run: ['images', 'service', 'timing', 'errors'],
	images: ['service', 'timing', 'errors'],
	service: ['timing', 'errors'],
	timing: [],
	errors: [],
};

/** Which rules a file of this room breaks with this code. */
function broken(room: string, code: string, file = 'some.ts'): Array<string | null> {
	const linter = new Linter({ configType: 'flat', cwd: repository });
	const parsing = {
		files: ['**/*.ts'],
		languageOptions: { parser: tseslint.parser },
	} as Linter.Config;
	const messages = linter.verify(code, [parsing, ...importDirection(tseslint.plugin)], {
		filename: join(repository, 'nodes/GptImage1', room, file),
	});
	return messages.map(({ ruleId, message }) => ruleId ?? message);
}

const pairs = ROOMS.flatMap((from) => ROOMS.filter((to) => to !== from).map((to) => [from, to]));

test.each(pairs)('%s/ imports %s/: allowed only where that is below', (from, to) => {
	const expected = ALLOWED[from]!.includes(to) ? [] : [RULE];
	expect(broken(from, `import { thing } from '../${to}/thing';`)).toEqual(expected);
	expect(broken(from, `import { thing } from '../${to}';`)).toEqual(expected);
	expect(broken(from, `export * from '../${to}/thing';`)).toEqual(expected);
	expect(broken(from, `import { thing } from '../../${to}/thing';`, 'deeper/some.ts')).toEqual(
		expected,
	);
});

test.each(ROOMS)('%s/ imports its own files, packages, and never the node', (room) => {
	expect(broken(room, `import { thing } from './thing';`)).toEqual([]);
	expect(broken(room, `import { thing } from '../thing';`, 'deeper/some.ts')).toEqual([]);
	expect(broken(room, `import type { INode } from 'n8n-workflow';`)).toEqual([]);
	expect(broken(room, `import { GptImage1 } from '../GptImage1.node';`)).toEqual([RULE]);
});

test('errors/ may import types of service/, timing/ not even those', () => {
	expect(broken('errors', `import type { Task } from '../service/task';`)).toEqual([]);
	expect(broken('errors', `import { type Task } from '../service/task';`)).toEqual([]);
	expect(broken('errors', `import type { Clock } from '../timing/clock';`)).toEqual([RULE]);
	expect(broken('timing', `import type { Task } from '../service/task';`)).toEqual([RULE]);
});

test.each(ROOMS)(
	"the repository's own ESLint has the rule for %s/",
	async (room) => {
		const eslint = join(repository, 'node_modules', 'eslint', 'bin', 'eslint.js');
		const file = join('nodes', 'GptImage1', room, 'some.ts');
		const { stdout } = await promisify(execFile)(
			process.execPath,
			[eslint, '--print-config', file],
			{ cwd: repository, maxBuffer: 16 * 1024 * 1024 },
		);
		const [severity, ...options] = (JSON.parse(stdout) as { rules: Record<string, unknown[]> })
			.rules[RULE]!;
		expect(severity).toBe(2);
		expect(JSON.stringify(options)).toContain(`Imports run down: ${room}/`);
	},
	60_000,
);
