import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from '../emulator';
import { startEmulator } from '../emulator';
import type { Engine } from '../harness/engine';
import { startEngine } from '../harness/engine';
import { pack } from '../n8n/packed';
import type { Packed } from '../n8n/packed';

/** What `npm pack` ships, looked at and run: the file that people install. */

const run = promisify(execFile);
const repository = join(__dirname, '..', '..');

/** As much as the tarball may weigh, in bytes; a larger one has something in it that it need not. */
const LARGEST_TARBALL = 60_000;

let folder: string;
let packed: Packed;
let shipped: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'shipped-'));
	packed = await pack();
	await run('tar', ['-xzf', packed.tarball, '-C', folder]);
	shipped = join(folder, 'package');
	// n8n-workflow is the host's, as in an n8n.
	await symlink(join(repository, 'node_modules'), join(shipped, 'node_modules'), 'junction');
}, 60_000);

afterAll(async () => {
	await packed.remove();
	await rm(folder, { recursive: true, force: true });
});

const filesIn = async (place: string): Promise<string[]> =>
	(await readdir(place, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1))
		.filter((name) => !name.startsWith('node_modules'));

const manifest = async () =>
	JSON.parse(await readFile(join(shipped, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
		scripts: Record<string, string>;
		[field: string]: unknown;
	};

test('ships the compiled package, its documents and nothing else', async () => {
	const files = await filesIn(shipped);
	const expected =
		/^(README\.md|LICENSE|CHANGELOG\.md|package\.json|index\.js|dist\/(nodes|credentials)\/.+\.(js|svg)|dist\/nodes\/GptImage1\/(GptImage1\.node|__schema__\/v1\.0\.0\/\w+)\.json)$/;
	expect(files.filter((name) => !expected.test(name))).toEqual([]);
	for (const name of ['LICENSE', 'README.md', 'index.js']) expect(files).toContain(name);
	expect((await stat(packed.tarball)).size).toBeLessThan(LARGEST_TARBALL);
});

test('has a compiled file for every source, and none that is left from an older one', async () => {
	const compiled = (await filesIn(join(shipped, 'dist'))).filter((name) => name.endsWith('.js'));
	const sources = await Promise.all(
		['nodes', 'credentials'].map(async (room) =>
			(await filesIn(join(repository, room))).map((name) => join(room, name)),
		),
	);
	const expected = sources
		.flat()
		.filter((name) => name.endsWith('.ts'))
		.map((name) => name.replace(/\.ts$/, '.js'));
	expect(compiled.sort()).toEqual(expected.sort());
});

test('asks for nothing but n8n-workflow, and runs nothing when it is installed', async () => {
	const { dependencies, peerDependencies, overrides, scripts, license, keywords } =
		await manifest();
	expect({ dependencies, overrides }).toEqual({ dependencies: undefined, overrides: undefined });
	expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(license).toBe('MIT');
	expect(keywords).toContain('n8n-community-node-package');
	for (const script of ['prepare', 'preinstall', 'install', 'postinstall']) {
		expect(scripts[script]).toBeUndefined();
	}
});

test('loads nothing but its own files and n8n-workflow', async () => {
	const files = (await filesIn(join(shipped, 'dist'))).filter((name) => name.endsWith('.js'));
	const code = await Promise.all(
		files.map(async (name) => await readFile(join(shipped, 'dist', name), 'utf8')),
	);
	const wanted = code.flatMap((text) =>
		[...text.matchAll(/(?:require|import)\(["']([^"']+)["']\)/g)].map((match) => match[1]),
	);
	expect(wanted).toContain('n8n-workflow');
	expect(wanted.filter((name) => !name?.startsWith('.') && name !== 'n8n-workflow')).toEqual([]);
});

test('every file that it names is there, the icons of node and credential too', async () => {
	const { n8n, main } = await manifest();
	for (const file of [...n8n.nodes, ...n8n.credentials, main as string]) {
		expect((await stat(join(shipped, file))).isFile()).toBe(true);
	}
	const script = `const { GptImage1, SeaArtApi } = require('./index.js');
		const icons = (of, at) => Object.values(of.icon).map((icon) => icon.replace('file:', at));
		console.log(JSON.stringify([
			...icons(new GptImage1().description, 'dist/nodes/GptImage1/'),
			...icons(new SeaArtApi(), 'dist/credentials/')]))`;
	const { stdout } = await run(process.execPath, ['-e', script], { cwd: shipped });
	const icons = JSON.parse(stdout) as string[];
	expect(new Set(icons).size).toBe(4);
	for (const icon of icons) {
		expect(await readFile(join(shipped, icon), 'utf8')).toMatch(/^<svg /);
	}
});

describe('in an engine', () => {
	let emulator: Emulator;
	let engine: Engine;

	beforeAll(async () => {
		emulator = await startEmulator({ progress: { byReads: 1 } });
		engine = await startEngine([shipped]);
	}, 60_000);

	afterAll(async () => {
		await engine.stop();
		await emulator.stop();
	});

	test('makes an image', async () => {
		const type = 'n8n-nodes-seaart-gpt-image-1.gptImage1';
		const at = { typeVersion: 1, position: [0, 0] as [number, number] };
		const execution = await engine.run(
			{
				nodes: [
					{ id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {}, ...at },
					{ id: '2', name: 'Image', type, parameters: { prompt: 'a red apple' }, ...at },
				],
				connections: { Start: { main: [[{ node: 'Image', type: 'main', index: 0 }]] } },
			},
			{ credential: { apiKey: emulator.key, baseUrl: emulator.baseUrl } },
		);
		const [item] = execution.items('Image');
		const bytes = await engine.bytes(item?.binary?.data);
		expect(execution.status).toBe('success');
		expect(bytes.subarray(1, 4).toString()).toBe('PNG');
		expect(emulator.creates().map(({ body }) => body)).toEqual([{ prompt: 'a red apple' }]);
	}, 30_000);
});
