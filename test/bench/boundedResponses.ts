import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../service/faults';
import { figure } from './figure';
import type { Result } from './figure';
import type { BenchN8n, Harness } from './harness';
import { ResidentMemory } from './residentMemory';
import { nodeMs, prompts, runOurs } from './runs';
import type { Service } from './service';

const TASK_MS = 1000;
const TIMEOUT_SECONDS = 6;
const PING_INTERVAL_MS = 20;
const WARM_UP_RUNS = 5;
const MAX_PING_MS = 200;

const ERROR_PAGE = { status: 502, body: '<'.repeat(200_000) };

/** One run whose first poll is answered so. */
async function measure(n8n: BenchN8n, service: Service, fault?: Fault) {
	await service.reset();
	if (fault) await service.answerNext('status', fault);
	await n8n.probe.collectGarbage();
	const memory = new ResidentMemory(n8n.pid);
	const pings = ping(`${n8n.url}/healthz`);
	const parameters = { options: { timeout: TIMEOUT_SECONDS } };
	const outcome = await runOurs(n8n.client, service, { input: prompts(1), parameters });
	const longestPingMs = await pings.stop();
	return { longestPingMs, peakMB: memory.peakMB, seconds: nodeMs(outcome) / 1000 };
}

/** Responses that no service should send must cost n8n neither its time nor its memory. */
export async function boundedResponses(harness: Harness): Promise<Result> {
	await harness.stopShared();
	const n8n = await harness.n8n();
	const service = await harness.service({ durations: [TASK_MS] });
	for (let run = 0; run < WARM_UP_RUNS; run++) await measure(n8n, service);
	const ordinary = await measure(n8n, service);
	const page = await measure(n8n, service, ERROR_PAGE);
	const oversized = await measure(n8n, service, 'oversized');
	const drip = await measure(n8n, service, 'drip');
	harness.say(`  ${JSON.stringify({ ordinary, page, oversized, drip })}`);
	const answers = (what: string, { longestPingMs }: typeof ordinary) =>
		figure(`${what}: n8n answers within`, longestPingMs, 'ms', { atMost: MAX_PING_MS });
	return {
		work: 'an error page of 200 kB of `<`, a status answer of 50 MB, one byte every 0.3 s',
		method:
			`Each is the answer to the first poll of one item; "Timeout" is ${TIMEOUT_SECONDS} s. ` +
			`\`GET /healthz\` of n8n is asked all the time. Memory is the peak beyond that of an ordinary run.`,
		figures: [
			figure('an ordinary run: n8n answers within', ordinary.longestPingMs, 'ms'),
			answers('error page', page),
			answers('50 MB', oversized),
			answers('one byte every 0.3 s', drip),
			figure(
				'50 MB: more memory at the peak',
				Math.max(0, oversized.peakMB - ordinary.peakMB),
				'MB',
				{ atMost: 10 },
			),
			figure(
				'one byte every 0.3 s: beyond the timeout',
				Math.max(0, drip.seconds - TIMEOUT_SECONDS),
				's',
				{ atMost: 1 },
			),
		],
	};
}

/** Asks an address again and again until stopped; then the longest time until an answer. */
function ping(url: string): { stop(): Promise<number> } {
	let stopped = false;
	const asking = async () => {
		let longest = 0;
		while (!stopped) {
			const started = performance.now();
			// No answer at all counts with the time until that is known.
			await fetch(url).then(
				async (response) => await response.arrayBuffer(),
				() => {},
			);
			longest = Math.max(longest, performance.now() - started);
			await sleep(PING_INTERVAL_MS);
		}
		return longest;
	};
	const longest = asking();
	return {
		async stop() {
			stopped = true;
			return await longest;
		},
	};
}
