import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as values from '../../nodes/GptImage1/service/requestBody';
import type { Emulator } from '../emulator';
import { startEmulator } from '../emulator';
import { runIn } from '../start/terminal';

/** `npm start` as a user sees it, on the package as it is built. */

/** Only a run that hangs takes that long; without a network the node keeps trying for a while. */
jest.setTimeout(300_000);

let emulator: Emulator;
let root: string;
let folder: string;
let withoutNetwork: ReturnType<typeof start>;

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'start-'));
	emulator = await startEmulator({ progress: { byReads: 1 } });
	// Nothing listens on this port. It keeps trying for a while, beside the other tests.
	withoutNetwork = start(['a cat'], { baseUrl: 'http://127.0.0.1:9/model' }, await newFolder());
});

beforeEach(async () => {
	emulator.reset();
	folder = await newFolder();
});

afterAll(async () => {
	await emulator.stop();
	await rm(root, { recursive: true, force: true });
});

const newFolder = async () => await mkdtemp(join(root, 'run-'));

async function start(
	args: string[],
	{ key = emulator.key, baseUrl = emulator.baseUrl } = {},
	cwd = folder,
) {
	const environment = { SEAART_API_KEY: key, SEAART_BASE_URL: baseUrl };
	return await runIn(cwd, 'start', args, { environment });
}

const SEE_HELP = '(see npm start -- --help).';
const NO_TASK = 'Could not create the task:';

test.each<[string, () => ReturnType<typeof start>, string]>([
	['an unknown option', () => start(['--bogus']), `Unknown option '--bogus' ${SEE_HELP}`],
	[
		'an option alone',
		() => start(['--size']),
		`Option '--size <value>' argument missing ${SEE_HELP}`,
	],
	['a blank prompt', () => start(['--once', ' ']), 'The prompt is empty.'],
	[
		'a file as the folder',
		() => start(['a cat', '--out', __filename]),
		`Could not write images: ${__filename} is not a folder.`,
	],
	[
		'a size that does not exist',
		() => start(['a cat', '--size', '17x17']),
		"'Size' must be one of auto, 1024x1024, 1024x1536, 1536x1024.",
	],
	[
		'a wrong key',
		() => start(['a cat'], { key: 'wrong' }),
		`${NO_TASK} SeaArt Cloud rejected the API key (HTTP 401).`,
	],
	['no network', () => withoutNetwork, `${NO_TASK} no connection to SeaArt Cloud.`],
])('with %s it says so in one sentence and creates nothing', async (_what, started, sentence) => {
	const { stderr, ...rest } = await started();
	// Less the lines that tell what is being done: a slow machine has more of them.
	const said = stderr.split('\n').filter((line) => line !== '' && !/^ +… | …$/.test(line));
	expect({ ...rest, said }).toEqual({ code: 1, stdout: '', said: [sentence], files: [] });
	expect(emulator.tasks.size).toBe(0);
});

test('hands its options to the node, writes every image, and prints their paths alone', async () => {
	const options = '--images 2 --size 1024x1536 --format webp --compression 80 --out pictures';
	const { code, stdout, files } = await start(['--once', 'a red apple', ...options.split(' ')]);
	const paths = stdout.trim().split('\n');
	const written = await readdir(join(folder, 'pictures'));
	expect({ code, files }).toEqual({ code: 0, files: ['pictures'] });
	expect(paths).toHaveLength(2);
	expect(paths.sort()).toEqual(written.map((name) => join(folder, 'pictures', name)).sort());
	const body = { n: 2, size: '1024x1536', output_format: 'webp', output_compression: 80 };
	expect(emulator.creates()).toMatchObject([{ body: { prompt: 'a red apple', ...body } }]);
});

test('--help shows the options and does nothing else', async () => {
	const { code, stdout, stderr, files } = await start(['--help']);
	expect({ code, stderr, files }).toEqual({ code: 0, stderr: '', files: [] });
	const { SIZES, QUALITIES, OUTPUT_FORMATS, BACKGROUNDS, MODERATIONS } = values;
	const all = [SIZES, QUALITIES, OUTPUT_FORMATS, BACKGROUNDS, MODERATIONS].flat();
	expect(all.filter((value) => !stdout.includes(value))).toEqual([]);
});
