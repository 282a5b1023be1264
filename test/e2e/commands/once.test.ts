import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startEmulator } from '../../emulator';
import type { Emulator } from '../../emulator';
import { runIn } from '../../start/terminal';

/** The processes that run under an environment that names this folder, where Linux shows that. */
async function processesWith(folder: string): Promise<string[]> {
	const found: string[] = [];
	for (const pid of await readdir('/proc').catch(() => [])) {
		const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
		if (environment.includes(folder)) found.push(pid);
	}
	return found;
}

/** A whole n8n is installed and started in each. */
jest.setTimeout(300_000);

/** One image without a browser, as a user sees it: what is printed, written and left behind. */
describe.each(['start', 'n8n'] as const)('npm run %s -- --once', (command) => {
	let emulator: Emulator;
	let folder: string;

	beforeEach(async () => {
		emulator = await startEmulator({ progress: { byTime: 1000 }, pictures: 'real' });
		folder = await mkdtemp(join(tmpdir(), 'once-'));
	});
	afterEach(async () => {
		await emulator.stop();
		await rm(folder, { recursive: true, force: true });
	});

	/** Runs it with this key, or without one; the exit code, and the images that it has written. */
	async function once(prompt: string, key: string, interrupted?: Promise<unknown>) {
		// An empty key is none.
		const environment = { SEAART_API_KEY: key, SEAART_BASE_URL: emulator.baseUrl };
		const options = { environment, interrupted };
		const ended = await runIn(folder, command, ['--once', prompt], options);
		const paths = ended.stdout.split('\n').filter(Boolean);
		const out = join(folder, 'out');
		const written = (await readdir(out).catch(() => [])).map((name) => join(out, name));
		expect(paths.sort()).toEqual(written.sort());
		expect(ended.files.filter((name) => /^(n8n|packed)-/.test(name))).toEqual([]);
		expect(await processesWith(folder)).toEqual([]);
		const images = await Promise.all(paths.map(async (path) => await readFile(path)));
		return { code: ended.code, images, said: ended.stderr };
	}

	test('without a key it writes an image of its own emulator', async () => {
		const { code, images, said } = await once('a red apple', '');
		expect({ code, said }).toEqual({ code: 0, said });
		expect(images).toHaveLength(1);
		const shape = { format: 'png', width: 1024, height: 1024 };
		expect(await sharp(images[0]).metadata()).toMatchObject(shape);
	});

	test('with a key it writes exactly what that service serves, paid for once', async () => {
		const { code, images, said } = await once('a blue cat', emulator.key);
		expect({ code, said }).toEqual({ code: 0, said });
		expect(images).toHaveLength(1);
		expect(emulator.creates()).toHaveLength(1);
		expect(emulator.keyReachedImages).toBe(false);
		const [task] = [...emulator.tasks.values()];
		expect(images[0]!.equals(task!.images[0]!.picture!.bytes)).toBe(true);
	});

	test('Ctrl-C cancels the task', async () => {
		const interrupted = emulator.whenRequested(
			({ call, status }) => call === 'create' && status > 0,
			280_000,
		);
		const { code, images } = await once('a tree [stuckInQueue]', emulator.key, interrupted);
		expect({ code, images }).toEqual({ code: 130, images: [] });
		const cancelled = emulator.cancels().map(({ requestId }) => requestId);
		expect(cancelled).toEqual([...emulator.tasks.keys()]);
	});
});
