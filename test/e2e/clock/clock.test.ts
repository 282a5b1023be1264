import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startN8n } from '../../n8n/instance';
import type { N8n } from '../../n8n/instance';
import { itemsOf } from '../executions';
import { arrived } from '../money/stopping';
import { connectN8n } from '../runningN8n';
import type { RunningN8n } from '../runningN8n';
import { GOOD, imageWorkflow } from '../workflow';

/** The system's clock is set while the node waits, in an n8n of these tests' own, by libfaketime. */

const folder = mkdtempSync(join(tmpdir(), 'clock-'));
const offset = join(folder, 'offset');
const setClock = (to: string) => writeFileSync(offset, to);

function libfaketime(): string {
	const found = readdirSync('/usr/lib')
		.map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`)
		.find((file) => existsSync(file));
	if (!found) throw new Error('libfaketime is missing: .ci/programs installs what the tests need');
	return found;
}

let started: N8n;
let n8n: RunningN8n;

beforeAll(async () => {
	setClock('+0');
	started = await startN8n({
		env: {
			LD_PRELOAD: libfaketime(),
			FAKETIME_TIMESTAMP_FILE: offset,
			FAKETIME_NO_CACHE: '1',
			// As on a computer: setting its clock leaves the monotonic one alone.
			FAKETIME_DONT_FAKE_MONOTONIC: '1',
		},
	});
	n8n = await connectN8n({ progress: { byTime: 6_000 } }, started.client);
});

afterEach(() => {
	setClock('+0');
	n8n?.emulator.reset();
});

afterAll(async () => {
	await n8n?.emulator.stop();
	await started?.stop();
	rmSync(folder, { recursive: true });
});

/** Starts the workflow, and sets the clock after the first poll. @returns the execution's end */
async function runAndSetClock(to: string, prompt: string, options = {}) {
	const { client, emulator } = n8n;
	const plan = { prompts: [prompt], options: { pollInterval: 0, ...options } };
	const id = await n8n.start(imageWorkflow(`Clock ${to}`, plan));
	await arrived(emulator.statusReads, 1);
	setClock(to);
	expect(Math.abs((await clockOf(started)) - Date.now())).toBeGreaterThan(3_000_000);
	return await client.waitForExecution(id);
}

/** What time it is for n8n, in ms since 1970. */
async function clockOf({ url }: N8n): Promise<number> {
	const response = await fetch(`${url}/healthz`);
	return Date.parse(response.headers.get('date')!);
}

describe.each([
	{ name: 'an hour back', to: '-1h' },
	{ name: 'two hours forward', to: '+2h' },
])('The clock is set $name during the wait', ({ to }) => {
	test('the image comes as ever, without a poll too many', async () => {
		const execution = await runAndSetClock(to, 'a red apple');
		expect(execution.status).toBe('success');
		const [item] = itemsOf(execution, GOOD);
		expect(item!.binary!.data!.mimeType).toBe('image/png');
		const { emulator } = n8n;
		expect(emulator.creates()).toHaveLength(1);
		// As a rule four; where each comes at once, the rate limiter lets ten a second through.
		expect(emulator.statusReads().length).toBeLessThan(20);
	});

	test('the time-out is as long as ever', async () => {
		const options = { timeout: 8, onTimeout: 'cancel' };
		const { status } = await runAndSetClock(to, 'a red apple [stuckInProgress]', options);
		expect(status).toBe('error');
		const { emulator } = n8n;
		const [create] = emulator.creates();
		const [cancel] = emulator.cancels();
		expect(cancel!.at - create!.at).toBeGreaterThanOrEqual(7_900);
	});

	test('Stop cancels', async () => {
		const { client, emulator } = n8n;
		const id = await n8n.start(
			imageWorkflow('Stop', { prompts: ['a red apple [stuckInProgress]'] }),
		);
		await arrived(emulator.statusReads, 1);
		setClock(to);
		await client.stopExecution(id);
		await arrived(emulator.cancels, 1);
		expect((await client.waitForExecution(id)).status).toBe('canceled');
	});
});
