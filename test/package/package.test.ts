import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';
import { startEngine } from '../harness/engine';
import type { Engine } from '../harness/engine';
import { pack } from '../n8n/packed';
import type { Packed } from '../n8n/packed';
import { imageWorkflow } from '../workflow/workflows';

/** What `npm pack` ships, checked and run: the file that people install. */

const repository = join(__dirname, '..', '..');

let folder: string;
let packed: Packed;
let shipped: string;
let manifest: Record<string, any>;
let emulator: Emulator;
let engine: Engine;

const filesIn = (place: string) =>
	fs
		.readdirSync(place, { recursive: true, encoding: 'utf8' })
		.filter((name) => fs.statSync(join(place, name)).isFile());
const read = (name: string) => fs.readFileSync(join(shipped, name), 'utf8');
const compiled = () => filesIn(shipped).filter((name) => /^dist.*\.js$/.test(name));

beforeAll(async () => {
	folder = fs.mkdtempSync(join(tmpdir(), 'shipped-'));
	packed = await pack();
	execFileSync('tar', ['-xzf', packed.tarball, '-C', folder]);
	shipped = join(folder, 'package');
	// n8n-workflow is the host's, as in an n8n.
	fs.symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
	manifest = JSON.parse(read('package.json'));
	emulator = await startEmulator({ progress: { byReads: 1 } });
	engine = await startEngine(shipped);
});

afterAll(async () => {
	await engine.stop();
	await emulator.stop();
	await packed.remove();
	fs.rmSync(folder, { recursive: true, force: true });
});

test('ships the compiled package, its documents and nothing else', () => {
	const expected =
		/^(README\.md|LICENSE|CHANGELOG\.md|package\.json|index\.js|dist\/(nodes|credentials)\/.+\.(js|svg)|dist\/nodes\/GptImage1\/(GptImage1\.node|__schema__\/v1\.0\.0\/\w+)\.json)$/;
	const files = filesIn(shipped);
	expect(files.filter((name) => !expected.test(name))).toEqual([]);
	expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'index.js']));
	// A larger one has something in it that it need not.
	expect(fs.statSync(packed.tarball).size).toBeLessThan(60_000);
});

test('has a compiled file for every source, and none that is left from an older one', () => {
	const sources = ['nodes', 'credentials'].flatMap((room) =>
		filesIn(join(repository, room)).map((name) => join('dist', room, name)),
	);
	const expected = sources.filter((name) => name.endsWith('.ts'));
	expect(compiled().sort()).toEqual(expected.map((name) => name.replace(/ts$/, 'js')).sort());
});

test('asks for nothing but n8n-workflow, and runs nothing when it is installed', () => {
	expect(manifest.license).toBe('MIT');
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(manifest.keywords).toContain('n8n-community-node-package');
	const none = ['prepare', 'preinstall', 'install', 'postinstall'].map((name) => `scripts.${name}`);
	for (const path of ['dependencies', 'overrides', ...none])
		expect(manifest).not.toHaveProperty(path);
});

test('loads nothing but its own files and n8n-workflow', () => {
	const code = compiled().map(read).join('\n');
	const loaded = [...code.matchAll(/(?:require|import)\(["']([^."'][^"']*)["']\)/g)];
	expect([...new Set(loaded.map(([, name]) => name))]).toEqual(['n8n-workflow']);
});

test('every file that it names is there, the icons of node and credential too', () => {
	const { n8n, main } = manifest;
	const named: string[] = [...n8n.nodes, ...n8n.credentials, main];
	expect(named.filter((file) => !fs.existsSync(join(shipped, file)))).toEqual([]);
	const icons = compiled().flatMap((name) =>
		[...read(name).matchAll(/'file:([^']+)'/g)].map(([, icon]) => join(dirname(name), icon!)),
	);
	expect(icons).toHaveLength(4);
	for (const icon of icons) expect(read(icon)).toMatch(/^<svg /);
});

test('makes an image in an engine', async () => {
	const execution = await engine.run(imageWorkflow({ prompt: 'a red apple' }), {
		credential: { apiKey: emulator.key, baseUrl: emulator.baseUrl },
	});
	const [item] = execution.items('Image');
	const bytes = await engine.bytes(item?.binary?.data);
	expect(execution.status).toBe('success');
	expect(bytes.subarray(1, 4).toString()).toBe('PNG');
	expect(emulator.creates().map(({ body }) => body)).toEqual([{ prompt: 'a red apple' }]);
});
