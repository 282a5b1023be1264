import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { npm } from './command';
import type { Quietly } from './command';
import { withLock } from './lock';

export type InstalledN8n = Awaited<ReturnType<typeof installN8n>>;

/**
 * Each has a folder beside this file, whose lock file names every package of it. In place of n8n's
 * sqlite3, which has to be compiled where nothing but the npm registry can be reached, they have one
 * that brings its binaries along.
 */
const N8N_VERSIONS = ['2.41', '1.123'] as const;
export type N8nVersion = (typeof N8N_VERSIONS)[number];

/** Throws for what is none of them. */
export function asN8nVersion(text: string): N8nVersion {
	const known = N8N_VERSIONS.find((version) => version === text);
	if (known) return known;
	throw new Error(`No n8n "${text}" is set up here; there are ${N8N_VERSIONS.join(' and ')}.`);
}

/** The folder for what is made once and kept, outside the clone. */
export const cacheFolder = (): string =>
	process.env.N8N_TEST_CACHE || join(homedir(), '.cache', 'n8n-nodes-seaart-gpt-image-1');

/**
 * The whole of n8n, exactly as the lock file of that version names it, and the Node that it names.
 * The first call for a lock file installs it (2 to 3 GB); later ones find it. It may be interrupted
 * at any time and called by several processes at once.
 */
export async function installN8n({
	version = '2.41',
	...quietly
}: Quietly & { version?: N8nVersion }) {
	const source = join(__dirname, version);
	const lockFile = await readFile(join(source, 'package-lock.json'));
	const hash = createHash('sha256').update(lockFile).digest('hex').slice(0, 12);
	const folder = join(cacheFolder(), `n8n-${hash}`);
	if (!existsSync(folder)) {
		await mkdir(dirname(folder), { recursive: true });
		await withLock(`${folder}.lock`, async () => await fill(folder, source, quietly), quietly);
	}
	const modules = join(folder, 'node_modules');
	const node = process.platform === 'win32' ? 'node.exe' : 'node';
	const nodeBinary = join(modules, 'node', 'bin', node);
	return { version, nodeBinary, n8nScript: join(modules, 'n8n', 'bin', 'n8n') };
}

/** Installs beside the folder and renames at the end: the folder is there only when complete. */
async function fill(folder: string, source: string, quietly: Quietly): Promise<void> {
	if (existsSync(folder)) return;
	const partial = `${folder}.partial-`;
	for (const name of await readdir(dirname(folder)))
		if (name.startsWith(basename(partial)))
			// The npm of a killed installation may still be writing there: the next one gets it.
			await rm(join(dirname(folder), name), { recursive: true, force: true }).catch(() => {});

	const cwd = `${partial}${process.pid}`;
	await cp(source, cwd, { recursive: true });
	const step = { cwd, ...quietly };
	await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
		...step,
		doing: `Installing n8n into ${folder} (2 to 3 GB, 2 to 5 minutes, first start only)`,
	});
	// Of some 20 packages with install scripts, this alone needs it to have run.
	await npm(['rebuild', 'node', '--ignore-scripts=false'], {
		...step,
		doing: 'Installing Node.js 24',
	});
	await rename(cwd, folder).catch((error) => {
		// Another process's complete installation serves as well.
		if (!existsSync(folder)) throw error;
	});
}
