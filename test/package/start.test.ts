import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as values from '../../nodes/GptImage1/service/requestBody';
import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';
import { runIn } from '../start/terminal';

/** `npm start` as a user sees it, on the package as it is built. */

/** Only a run that hangs takes that long. */
jest.setTimeout(300_000);

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
	emulator = await startEmulator({ progress: { byReads: 1 } });
});
beforeEach(async () => {
	emulator.reset();
	folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));
afterAll(async () => await emulator.stop());

async function start(args: string[], key = emulator.key) {
	const environment = { SEAART_API_KEY: key, SEAART_BASE_URL: emulator.baseUrl };
	return await runIn(folder, 'start', args, { environment });
}

const SEE_HELP = '(see npm start -- --help).';

test.each<[string[], string]>([
	[['--bogus'], `Unknown option '--bogus' ${SEE_HELP}`],
	[['--size'], `Option '--size <value>' argument missing ${SEE_HELP}`],
	[['--out', __filename], `Could not write images: ${__filename} is not a folder.`],
	// With the wrong key.
	[[], 'Could not create the task: SeaArt Cloud rejected the API key (HTTP 401).'],
])('with %j it says in one sentence what is wrong, and creates nothing', async (args, sentence) => {
	const { stderr, ...rest } = await start(args, 'a wrong key');
	// Less the lines that tell what is being done: a slow machine has more of them.
	const said = stderr.split('\n').filter((line) => line !== '' && !/^ +… | …$/.test(line));
	expect({ ...rest, said }).toEqual({ code: 1, stdout: '', said: [sentence], files: [] });
	expect(emulator.tasks.size).toBe(0);
});

test('hands its options to the node, writes every image, and prints their paths alone', async () => {
	const options = '--images 2 --size 1024x1536 --format webp --compression 80 --out pictures';
	const { code, stdout, files } = await start(['--once', 'a red apple', ...options.split(' ')]);
	const written = await readdir(join(folder, 'pictures'));
	expect([code, files, written.length]).toEqual([0, ['pictures'], 2]);
	const paths = written.map((name) => join(folder, 'pictures', name));
	expect(stdout.trim().split('\n').sort()).toEqual(paths.sort());
	const body = { n: 2, size: '1024x1536', output_format: 'webp', output_compression: 80 };
	expect(emulator.creates()).toMatchObject([{ body: { prompt: 'a red apple', ...body } }]);
});

test('--help shows the options and does nothing else', async () => {
	const { stdout, ...rest } = await start(['--help']);
	expect(rest).toEqual({ code: 0, stderr: '', files: [] });
	const { SIZES, QUALITIES, OUTPUT_FORMATS, BACKGROUNDS, MODERATIONS } = values;
	const all = [SIZES, QUALITIES, OUTPUT_FORMATS, BACKGROUNDS, MODERATIONS].flat();
	expect(all.filter((value) => !stdout.includes(value))).toEqual([]);
});
