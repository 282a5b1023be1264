import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The documents, held against what they speak of. */

const repository = resolve(__dirname, '..', '..');

const documents = [
	...readdirSync(repository).filter((name) => name.endsWith('.md')),
	...readdirSync(join(repository, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join('docs', name)),
];

const read = (name: string) => readFileSync(join(repository, name), 'utf8');

test.each(documents)('%s: every file that it links to is there', (name) => {
	const targets = [...read(name).matchAll(/\]\((?!https?:|mailto:)([^)#]*)(#[^)]*)?\)/g)];
	const missing = targets
		.map(([, path]) => path)
		.filter((path) => path && !existsSync(resolve(repository, dirname(name), path)));
	expect(missing).toEqual([]);
});

test.each(documents)('%s: every heading that it links to within itself is there', (name) => {
	const text = read(name);
	const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
		heading!
			.toLowerCase()
			.replace(/[^\p{L}\p{N} -]/gu, '')
			.replace(/ /g, '-'),
	);
	const wanted = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor!);
	expect(wanted.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});

test.each(documents)('%s: every npm script that it names exists', (name) => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	const named = [
		...read(name).matchAll(/\bnpm (?:run )?(start|test|[a-z0-9]+:[a-z]+|(?<=run )[a-z0-9]+)\b/g),
	];
	expect(named.map(([, script]) => script!).filter((script) => !(script in scripts))).toEqual([]);
});

test('docs/money.md: every line names a test that exists', () => {
	const tests = ['workflow', 'e2e']
		.flatMap((room) =>
			readdirSync(join(repository, 'test', room), { recursive: true, encoding: 'utf8' })
				.filter((name) => name.endsWith('.test.ts'))
				.map((name) => read(join('test', room, name))),
		)
		.join('\n');
	const rows = read('docs/money.md')
		.split('\n')
		.filter((line) => line.startsWith('| ') && !/^\| (When|---)/.test(line));
	expect(rows.length).toBeGreaterThan(25);
	const named = rows.map((row) => /`([^`]+)` ?▶? *\|$/.exec(row.trim())?.[1] ?? `no test: ${row}`);
	const unknown = named.filter((name) => !name.startsWith('npm run ') && !tests.includes(name));
	expect(unknown).toEqual([]);
});

test('README.md names every parameter of the node', () => {
	const readme = read('README.md');
	const fields = [
		'generate',
		'getResult',
		'getStatus',
		'cancel',
		'fields',
		'generateOptions',
	].flatMap((name) => [
		...read(`nodes/GptImage1/operations/${name}.ts`).matchAll(/displayName: '([^']+)'/g),
	]);
	const names = [...new Set(fields.map(([, name]) => name!))].filter((name) => name !== 'Options');
	expect(names.length).toBeGreaterThan(15);
	expect(names.filter((name) => !readme.includes(name))).toEqual([]);
});
