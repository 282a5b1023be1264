import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The documents, held against what they speak of. */

const repository = resolve(__dirname, '..', '..');
const filesIn = (folder: string) =>
	readdirSync(join(repository, folder)).map((name) => join(folder, name));
const documents = ['.', 'docs'].flatMap(filesIn).filter((name) => name.endsWith('.md'));
const read = (name: string) => readFileSync(join(repository, name), 'utf8');
/** What the only group of a pattern matches. */
const allIn = (text: string, pattern: RegExp) =>
	[...text.matchAll(pattern)].map(([, found]) => found!);

test('every picture is in a document', () => {
	const text = documents.map(read).join('\n');
	const pictures = filesIn('docs/images').map((name) => `images/${basename(name)}`);
	expect(pictures.filter((name) => !text.includes(name))).toEqual([]);
});

test.each(filesIn('test/examples'))('%s names no credential, task or private host', (name) => {
	expect(read(name)).not.toMatch(/"credentials"|mmsu_|127\.0\.0\.1|localhost|192\.168|apiKey/);
});

/** As GitHub makes them from headings. */
const anchorOf = (heading: string) => heading.replace(/[^\p{L}\p{N} -]/gu, '').replace(/ /g, '-');
const anchorsOf = (text: string) => allIn(text.toLowerCase(), /^#+ (.*)$/gm).map(anchorOf);

describe.each(documents)('%s', (name) => {
	const text = read(name);

	test('every file and every heading that it links to is there', () => {
		const links = [
			...text.matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\)/g),
			...text.matchAll(/src(?:set)?="(?!https?:)([^"]*)"/g),
		];
		const broken = links.filter(([, path, anchor]) => {
			const file = path ? resolve(repository, dirname(name), path) : join(repository, name);
			if (anchor === undefined || !file.endsWith('.md')) return !existsSync(file);
			return !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
		});
		expect(broken.map(([link]) => link)).toEqual([]);
	});

	test('every file of the code that it names exists', () => {
		const paths = allIn(text, /`((?!dist\/)[\w.-]+\/[\w./-]+\.(?:ts|mjs|js|json|yml|md))`/g);
		const roots = ['', 'nodes/GptImage1', 'docs'].map((root) => join(repository, root));
		const exists = (path: string) => roots.some((root) => existsSync(join(root, path)));
		expect(paths.filter((path) => !exists(path))).toEqual([]);
		const nodes = readdirSync(join(repository, 'nodes'), { recursive: true, encoding: 'utf8' });
		const files = nodes.map((path) => basename(path));
		const [map = ''] = /^```\ncredentials\/.*?^```/ms.exec(text) ?? [];
		const mapped = allIn(map, /\b(\w+(?:\.node)?\.ts)\b/g);
		expect(mapped.filter((file) => !files.includes(file))).toEqual([]);
	});

	test('every npm script that it names exists', () => {
		const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
		const named = allIn(text, /\bnpm (?:run )?(start|test|[a-z0-9]+:[a-z]+|(?<=run )[a-z0-9]+)\b/g);
		expect(named.filter((script) => !(script in scripts))).toEqual([]);
	});
});

test('docs/billing.md names for every line tests that exist', () => {
	const rows = read('docs/billing.md').match(/^\| (?!When|---).*$/gm)!;
	expect(rows.length).toBeGreaterThan(40);
	const cells = rows.map((row) => row.replace(/ *\|$/, '').split(' | ').at(-1)!);
	expect(cells.filter((cell) => !/^`[\w/]+: .*` *$/.test(cell))).toEqual([]);
	/** `workflow/retry: a title` is in test/workflow/retry.test.ts, or retry.ts where it is no Jest test. */
	const exists = (named: string) => {
		const [, path, title] = /^([\w/]+): (.*)$/.exec(named)!;
		const files = [`test/${path}.test.ts`, `test/${path}.ts`];
		return files.some((file) => existsSync(join(repository, file)) && read(file).includes(title!));
	};
	const named = cells.flatMap((cell) => allIn(cell, /`([^`]+)`/g));
	expect(named.filter((test) => !exists(test))).toEqual([]);
});

describe('README.md', () => {
	const readme = read('README.md');
	const blocks = allIn(readme, /^```json\n(.*?)^```/gms).map((json) => JSON.parse(json));

	test('has at most 200 lines', () => {
		expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
	});

	test('has the first example to paste', () => {
		const { nodes, connections } = JSON.parse(read('test/examples/first-image.json'));
		const pasted = nodes.map(({ id: _id, ...node }: { id: string }) => node);
		expect(blocks).toContainEqual({ nodes: pasted, connections });
	});

	test('quotes messages that the node has', () => {
		const errors = read('docs/errors.md');
		const messages = allIn(readme, /^\| `([^`]+ [^`]+)` /gm);
		expect(messages.length).toBeGreaterThan(10);
		expect(messages.filter((one) => !errors.includes(`**${one} [item 0]**`))).toEqual([]);
		const { error } = blocks.find((block) => 'error' in block);
		expect(errors).toContain(error.message.replace(error.request_id, 'mmsu_1'));
		expect(errors).toContain(error.description);
	});

	const LINKING = ['credentials/SeaArtApi.credentials.ts', 'nodes/GptImage1/GptImage1.node.json'];
	test.each(LINKING)('has the heading to which %s links', (name) => {
		expect(anchorsOf(readme)).toContain(allIn(read(name), /#([a-z-]+)['"]/g)[0]);
	});

	test('names every parameter of the node', () => {
		const sources = filesIn('nodes/GptImage1/operations').map(read).join();
		const names = allIn(sources, /displayName: '([^']+)'/g);
		expect(names.length).toBeGreaterThan(15);
		expect(names.filter((one) => one !== 'Options' && !readme.includes(one))).toEqual([]);
	});
});
