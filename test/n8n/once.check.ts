// Checks `npm start`, and `npm run n8n -- --once` in a whole n8n, from outside, as a user sees them: what
// they print, write and leave behind. `npx tsx test/n8n/once.check.ts start`, or `n8n`; about a minute.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmulator } from '../emulator';

const [command = 'start'] = process.argv.slice(2);
const script = resolve(__dirname, '..', command, 'main.mjs');
const PNG_SIGNATURE = '89504e470d0a1a0a';

/**
 * Runs it with a folder of its own for temporary files, which must be empty in the end.
 *
 * @param interrupted when this resolves, Ctrl-C is pressed
 */
async function once(
	prompt: string,
	environment: Record<string, string> = {},
	interrupted?: Promise<unknown>,
) {
	const temporary = await mkdtemp(join(tmpdir(), 'once-check-'));
	const out = await mkdtemp(join(tmpdir(), 'once-check-out-'));
	const { SEAART_API_KEY: _, SEAART_BASE_URL: __, ...surroundings } = process.env;
	const child = spawn(process.execPath, [script, '--once', prompt, '--out', out], {
		env: { ...surroundings, ...environment, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	void interrupted?.then(() => child.kill('SIGINT'));
	let stdout = '';
	let said = '';
	child.stdout.on('data', (chunk) => (stdout += chunk));
	child.stderr.on('data', (chunk) => (said += chunk));
	const code = await new Promise((done) => child.once('close', done));
	const paths = stdout.split('\n').filter(Boolean);
	const images = await Promise.all(paths.map(async (path) => await readFile(path)));
	const files = (await readdir(out)).map((name) => join(out, name));

	const left = (await readdir(temporary)).filter((name) => /^(n8n|packed)-/.test(name));
	assert.deepEqual(left, [], 'it leaves temporary folders behind');
	assert.deepEqual(await processesWith(temporary), [], 'it leaves processes behind');
	assert.deepEqual(files.sort(), [...paths].sort(), 'it prints the paths of what it wrote');
	for (const folder of [temporary, out]) await rm(folder, { recursive: true, force: true });
	return { code, images, said };
}

/** The processes that run under an environment that names this folder, where Linux shows that. */
async function processesWith(folder: string): Promise<string[]> {
	const found: string[] = [];
	for (const pid of await readdir('/proc').catch(() => []))
		if (/^\d+$/.test(pid)) {
			const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
			if (environment.includes(folder)) found.push(pid);
		}
	return found;
}

function assertPicture(image: Buffer | undefined): void {
	assert.ok(image);
	assert.equal(image.subarray(0, 8).toString('hex'), PNG_SIGNATURE);
	assert.deepEqual([image.readUInt32BE(16), image.readUInt32BE(20)], [1024, 1024]);
}

async function check(what: string, run: () => Promise<void>): Promise<void> {
	const started = Date.now();
	await run();
	console.log(`ok: ${what} (${Math.round((Date.now() - started) / 1000)} s)`);
}

async function main(): Promise<void> {
	await check('without a key it writes a picture of its own emulator', async () => {
		const { code, images, said } = await once('a red apple');
		assert.equal(code, 0, said);
		assert.equal(images.length, 1);
		assertPicture(images[0]);
	});

	const emulator = await startEmulator({ progress: { byTime: 1000 }, pictures: 'real' });
	const service = { SEAART_API_KEY: emulator.key, SEAART_BASE_URL: emulator.baseUrl };
	try {
		await check(
			'with a key it writes exactly what that service serves, paid for once',
			async () => {
				const { code, images, said } = await once('a blue cat', service);
				assert.equal(code, 0, said);
				assert.equal(images.length, 1);
				assertPicture(images[0]);
				assert.equal(emulator.creates().length, 1);
				assert.equal(emulator.keyReachedImages, false);
				const { path } = emulator.downloads()[0]!;
				const served = await fetch(`${emulator.imagesOrigin}${path}`);
				assert.ok(images[0]!.equals(Buffer.from(await served.arrayBuffer())));
			},
		);

		emulator.reset();
		await check('with a wrong key it fails, says why, and makes no task', async () => {
			const { code, images, said } = await once('a dog', { ...service, SEAART_API_KEY: 'wrong' });
			assert.equal(code, 1, said);
			assert.deepEqual(images, []);
			assert.match(said, /^Could not create the task: [^.\n]+ the API key \(HTTP 401\)\.$/m);
			assert.equal(emulator.tasks.size, 0);
		});

		emulator.reset();
		await check('Ctrl-C cancels the task', async () => {
			const created = emulator.whenRequested(
				({ call, status }) => call === 'create' && status > 0,
				300_000,
			);
			const { code, images, said } = await once('a tree [stuckInQueue]', service, created);
			assert.equal(code, 130, said);
			assert.deepEqual(images, []);
			assert.deepEqual(
				[...emulator.tasks.keys()],
				emulator.cancels().map(({ requestId }) => requestId),
			);
		});
	} finally {
		await emulator.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
