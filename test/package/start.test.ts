import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	BACKGROUNDS,
	MODERATIONS,
	OUTPUT_FORMATS,
	QUALITIES,
	SIZES,
} from '../../nodes/GptImage1/service/requestBody';
import type { Emulator } from '../emulator';
import { startEmulator } from '../emulator';
import { runIn } from '../start/terminal';

/** `npm start` as a user sees it, on the package as it is built. */

/** Only a run that hangs takes that long; without a network the node keeps trying for a while. */
jest.setTimeout(300_000);

let emulator: Emulator;
let folder: string;
let withoutNetwork: ReturnType<typeof start>;

beforeAll(async () => {
	emulator = await startEmulator({ progress: { byReads: 1 } });
	// Nothing listens on this port. It keeps trying for a while, beside the other tests.
	const nowhere = { key: emulator.key, baseUrl: 'http://127.0.0.1:9/model' };
	withoutNetwork = start(['a cat'], nowhere, await newFolder());
});

afterAll(async () => await emulator.stop());

beforeEach(async () => {
	emulator.reset();
	folder = await newFolder();
});

const folders: string[] = [];
afterAll(async () => {
	for (const one of folders) await rm(one, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
	folders.push(await mkdtemp(join(tmpdir(), 'start-')));
	return folders.at(-1)!;
}

async function start(
	args: string[],
	service = { key: emulator.key, baseUrl: emulator.baseUrl },
	cwd = folder,
) {
	const environment = { SEAART_API_KEY: service.key, SEAART_BASE_URL: service.baseUrl };
	return await runIn(cwd, 'start', args, { environment });
}

/** What is said, less the lines that tell what is being done: a slow machine has more of them. */
const sentences = (stderr: string) =>
	stderr.split('\n').filter((line) => line !== '' && !/^ +… | …$/.test(line));

test.each([
	['an unknown option', ['--bogus'], "Unknown option '--bogus' (see npm start -- --help)."],
	[
		'an option without its value',
		['--size'],
		"Option '--size <value>' argument missing (see npm start -- --help).",
	],
	['an empty prompt', [''], 'The prompt is empty.'],
	['a blank prompt after --once', ['--once', ' '], 'The prompt is empty.'],
	[
		'a file as the folder',
		['a cat', '--out', __filename],
		`Could not write images: ${__filename} is not a folder.`,
	],
	[
		'a size that does not exist',
		['a cat', '--size', '17x17'],
		"'Size' must be one of auto, 1024x1024, 1024x1536, 1536x1024.",
	],
])('with %s it says so in one sentence and creates nothing', async (_what, args, sentence) => {
	const { code, stdout, stderr, files } = await start(args);
	expect({ code, stdout, said: sentences(stderr), files }).toEqual({
		code: 1,
		stdout: '',
		said: [sentence],
		files: [],
	});
	expect(emulator.tasks.size).toBe(0);
});

test('hands its options to the node, writes every image, and prints their paths alone', async () => {
	const { code, stdout, files } = await start(
		'--once a red apple --images 2 --size 1024x1536 --format webp --compression 80 --out pictures'.split(
			' ',
		),
	);
	const names = await readdir(join(folder, 'pictures'));
	expect(code).toBe(0);
	expect(files).toEqual(['pictures']);
	expect(names).toHaveLength(2);
	expect(stdout.trim().split('\n').sort()).toEqual(
		names.map((name) => join(folder, 'pictures', name)).sort(),
	);
	expect(emulator.creates().map(({ body }) => body)).toEqual([
		{
			prompt: 'a red apple',
			n: 2,
			size: '1024x1536',
			output_format: 'webp',
			output_compression: 80,
		},
	]);
});

test('--help shows the options and does nothing else', async () => {
	const { code, stdout, stderr, files } = await start(['--help']);
	expect({ code, stderr, files }).toEqual({ code: 0, stderr: '', files: [] });
	const values = [SIZES, QUALITIES, OUTPUT_FORMATS, BACKGROUNDS, MODERATIONS].flat();
	expect(values.filter((value) => !stdout.includes(value))).toEqual([]);
});

test.each([
	[
		'with a wrong key',
		async () => await start(['a cat'], { baseUrl: emulator.baseUrl, key: 'wrong' }),
		'SeaArt Cloud rejected the API key (HTTP 401)',
	],
	['without a network', async () => await withoutNetwork, 'no connection to SeaArt Cloud'],
])('%s it says so in one sentence and creates nothing', async (_when, started, reason) => {
	const { code, stderr, files } = await started();
	expect(code).toBe(1);
	expect(sentences(stderr)).toEqual([`Could not create the task: ${reason}.`]);
	expect(files).toEqual([]);
	expect(emulator.tasks.size).toBe(0);
});
