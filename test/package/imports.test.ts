import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';

/** The rule of eslint.rooms.js: imports between the rooms of nodes/GptImage1 run one way. */

const repository = join(__dirname, '..', '..');
type Rooms = { importDirection(plugin: unknown): Linter.Config[] };
const { importDirection } = jest.requireActual<Rooms>(join(repository, 'eslint.rooms.js'));

const RULE = '@typescript-eslint/no-restricted-imports';
const ALLOWED: Record<string, string[]> = {
	operations: ['run', 'images', 'service', 'timing'],
	run: ['images', 'service', 'timing', 'errors'],
	images: ['service', 'timing', 'errors'],
	service: ['timing', 'errors'],
	timing: [],
	errors: [],
};
const ROOMS = Object.keys(ALLOWED);

/** Whether a file of this room may have this code. */
function isAllowed(room: string, code: string, file = 'some.ts'): boolean {
	const linter = new Linter({ configType: 'flat', cwd: repository });
	const parsing = { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } };
	const config = [parsing as Linter.Config, ...importDirection(tseslint.plugin)];
	const filename = join(repository, 'nodes/GptImage1', room, file);
	const broken = linter.verify(code, config, { filename }).map(({ ruleId }) => ruleId);
	expect(broken.filter((rule) => rule !== RULE)).toEqual([]);
	return broken.length === 0;
}

test.each(ROOMS)('%s/ imports its own files, packages, and of other rooms those below', (room) => {
	for (const other of ROOMS) {
		const expected = other === room || ALLOWED[room]!.includes(other);
		const codes = [`import { thing } from '../${other}';`, `export * from '../${other}/thing';`];
		const ways = codes.map((code) => isAllowed(room, code));
		ways.push(isAllowed(room, `import { thing } from '../../${other}/thing';`, 'deeper/some.ts'));
		expect([other, ...ways]).toEqual([other, expected, expected, expected]);
	}
	expect(isAllowed(room, `import { thing } from './thing'; import 'n8n-workflow';`)).toBe(true);
	expect(isAllowed(room, `import { GptImage1 } from '../GptImage1.node';`)).toBe(false);
});

test('types: errors/ may import those of service/, timing/ not even those', () => {
	expect(isAllowed('errors', `import type { Task } from '../service/task';`)).toBe(true);
	expect(isAllowed('errors', `import type { Task } from '../service/task';`)).toBe(true);
	expect(isAllowed('errors', `import type { Clock } from '../timing/clock';`)).toBe(false);
	expect(isAllowed('timing', `import type { Task } from '../service/task';`)).toBe(false);
});

test("the repository's own ESLint has the rule", () => {
	const eslint = join(repository, 'node_modules', 'eslint', 'bin', 'eslint.js');
	const args = [eslint, '--print-config', 'nodes/GptImage1/service/some.ts'];
	const options = { cwd: repository, encoding: 'utf8', maxBuffer: 2 ** 24 } as const;
	const { rules } = JSON.parse(execFileSync(process.execPath, args, options));
	expect(JSON.stringify(rules[RULE])).toMatch(/^\[2,.*Imports run down: service\//);
});
