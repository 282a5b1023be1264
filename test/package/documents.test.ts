import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The documents, held against what they speak of. */

const repository = resolve(__dirname, '..', '..');

const documents = [
	...readdirSync(repository).filter((name) => name.endsWith('.md')),
	...readdirSync(join(repository, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join('docs', name)),
];

const read = (name: string) => readFileSync(join(repository, name), 'utf8');

test('every picture is in a document', () => {
	const text = documents.map(read).join('\n');
	const pictures = readdirSync(join(repository, 'docs', 'images'));
	expect(pictures.filter((name) => !text.includes(`images/${name}`))).toEqual([]);
});

const examples = readdirSync(join(repository, 'test', 'examples'));

test.each(examples)('%s has no credential, id or private address inside', (name) => {
	expect(read(`test/examples/${name}`)).not.toMatch(
		/"credentials"|mmsu_|127\.0\.0\.1|localhost|192\.168|apiKey/,
	);
});

/** As GitHub makes them from headings. */
const anchorsOf = (text: string) =>
	[...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
		heading!
			.toLowerCase()
			.replace(/[^\p{L}\p{N} -]/gu, '')
			.replace(/ /g, '-'),
	);

type Workflow = { nodes: Array<Record<string, unknown>>; connections: unknown };
type Told = { message: string; description: string; request_id: string };

test.each(documents)('%s: every file that it links to is there', (name) => {
	const targets = [
		...read(name).matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#[^)]*)?\)/g),
		...read(name).matchAll(/src(?:set)?="(?!https?:)([^"]*)"/g),
	];
	const missing = targets
		.map(([, path]) => path)
		.filter((path) => path && !existsSync(resolve(repository, dirname(name), path)));
	expect(missing).toEqual([]);
});

test.each(documents)('%s: every heading that it links to is there', (name) => {
	const wanted = [...read(name).matchAll(/\]\(([^):#]*\.md)?#([^)]*)\)/g)];
	const missing = wanted.filter(([, other, anchor]) => {
		const text = other
			? readFileSync(resolve(repository, dirname(name), other), 'utf8')
			: read(name);
		return !anchorsOf(text).includes(anchor!);
	});
	expect(missing.map(([link]) => link)).toEqual([]);
});

test.each(documents)('%s: every file of the code that it names exists', (name) => {
	const text = read(name);
	const roots = ['', 'nodes/GptImage1', 'docs'].map((root) => join(repository, root));
	const paths = [...text.matchAll(/`([\w.-]+\/[\w./-]+\.(?:ts|mjs|js|json|yml|md))`/g)]
		.map(([, path]) => path!)
		.filter((path) => !path.startsWith('dist/'));
	expect(paths.filter((path) => !roots.some((root) => existsSync(join(root, path))))).toEqual([]);
	const all = readdirSync(join(repository, 'nodes'), { recursive: true, encoding: 'utf8' });
	const files = new Set(all.map((path) => basename(path)));
	const [map = ''] = /^```\ncredentials\/.*?^```/ms.exec(text) ?? [];
	const mapped = [...map.matchAll(/\b\w+(?:\.node)?\.ts\b/g)].map(([file]) => file);
	expect(mapped.filter((file) => !files.has(file))).toEqual([]);
});

test.each(documents)('%s: every npm script that it names exists', (name) => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	const named = [
		...read(name).matchAll(/\bnpm (?:run )?(start|test|[a-z0-9]+:[a-z]+|(?<=run )[a-z0-9]+)\b/g),
	];
	expect(named.map(([, script]) => script!).filter((script) => !(script in scripts))).toEqual([]);
});

describe('docs/billing.md', () => {
	const rows = read('docs/billing.md')
		.split('\n')
		.filter((line) => /^\| (?!When|---)/.test(line));
	const cell = (row: string) => row.trim().split(' | ').at(-1)!.replace(/ *\|$/, '');

	/** `workflow/retry: a title` is in test/workflow/retry.test.ts, or retry.ts where it is no Jest test. */
	const exists = (named: string) => {
		const [, path, title] = /^([\w/]+): (.*)$/.exec(named)!;
		const files = [`test/${path}.test.ts`, `test/${path}.ts`];
		return files.some((file) => existsSync(join(repository, file)) && read(file).includes(title!));
	};

	test('has a test for every line', () => {
		expect(rows.length).toBeGreaterThan(40);
		expect(rows.filter((row) => !/^`[\w/]+: .*`$/.test(cell(row)))).toEqual([]);
	});

	test('names tests that exist', () => {
		const named = rows.flatMap((row) => [...cell(row).matchAll(/`([^`]+)`/g)]);
		expect(named.map(([, test]) => test!).filter((test) => !exists(test))).toEqual([]);
	});
});

describe('README.md', () => {
	const readme = read('README.md');
	const blocks = [...readme.matchAll(/^```json\n(.*?)^```/gms)].map(
		([, json]) => JSON.parse(json!) as Record<string, unknown>,
	);

	test('has at most 200 lines', () => {
		expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
	});

	test('has the first example to paste', () => {
		const pasted = blocks.find((block) => 'nodes' in block) as unknown as Workflow;
		const example = JSON.parse(read('test/examples/first-image.json')) as Workflow;
		const nodes = example.nodes.map(({ id: _id, ...node }) => node);
		expect(pasted).toEqual({ nodes, connections: example.connections });
	});

	test('quotes messages that the node has', () => {
		const errors = read('docs/errors.md');
		const quoted = [...readme.matchAll(/^\| `([^`]+)` /gm)].map(([, message]) => message!);
		const messages = quoted.filter((message) => message.includes(' '));
		expect(messages.length).toBeGreaterThan(10);
		expect(messages.filter((one) => !errors.includes(`**${one} [item 0]**`))).toEqual([]);
		const { error } = blocks.find((block) => 'error' in block) as { error: Told };
		expect(errors).toContain(error.message.replace(error.request_id, 'mmsu_1'));
		expect(errors).toContain(error.description);
	});

	test('has the heading to which the credential and the node link', () => {
		for (const name of [
			'credentials/SeaArtApi.credentials.ts',
			'nodes/GptImage1/GptImage1.node.json',
		]) {
			const [, anchor] = /#([a-z-]+)['"]/.exec(read(name))!;
			expect(anchorsOf(readme)).toContain(anchor);
		}
	});
});

test('README.md names every parameter of the node', () => {
	const readme = read('README.md');
	const fields = ['index', 'generate', 'fields'].flatMap((name) => [
		...read(`nodes/GptImage1/operations/${name}.ts`).matchAll(/displayName: '([^']+)'/g),
	]);
	const names = [...new Set(fields.map(([, name]) => name!))].filter((name) => name !== 'Options');
	expect(names.length).toBeGreaterThan(15);
	expect(names.filter((name) => !readme.includes(name))).toEqual([]);
});
