import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../service/faults';
import { ask } from './harness';
import type { Harness } from './harness';
import { figure } from './report';
import type { Result } from './report';
import { prompts, run } from './runs';

const TIMEOUT_SECONDS = 6;

/** Responses that no service should send must cost n8n neither its time nor its memory. */
export async function boundedResponses(harness: Harness): Promise<Result> {
	await harness.stop();
	const n8n = await harness.n8n();
	const service = await harness.service({ durations: [1000] });
	const parameters = { options: { timeout: TIMEOUT_SECONDS } };
	/** One run whose first poll is answered so. */
	const measure = async (fault?: Fault) => {
		service.reset();
		if (fault) service.answerNext('status', fault);
		await ask(n8n, 'start');
		const running = run(n8n.client, service, { input: prompts(1), parameters });
		const longestPingMs = await longestPing(`${n8n.url}/healthz`, running);
		const seconds = (await running).ms / 1000;
		return { longestPingMs, seconds, peakMB: await ask(n8n, 'peakMB') };
	};
	for (let warmUp = 0; warmUp < 5; warmUp++) await measure();
	const ordinary = await measure();
	const page = await measure({ status: 502, body: '<'.repeat(200_000) });
	const oversized = await measure('oversized');
	const drip = await measure('drip');
	const more = Math.max(0, oversized.peakMB - ordinary.peakMB);
	const beyond = Math.max(0, drip.seconds - TIMEOUT_SECONDS);
	const answers = (what: string, { longestPingMs }: typeof ordinary, bound = { atMost: 200 }) =>
		figure(`${what}: n8n answers within`, longestPingMs, 'ms', bound);
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
			figure('50 MB: more memory at the peak', more, 'MB', { atMost: 10 }),
			figure('one byte every 0.3 s: beyond the timeout', beyond, 's', { atMost: 1 }),
		],
	};
}

/** Asks an address again and again until something has ended; then the longest time of an answer. */
async function longestPing(url: string, work: Promise<unknown>): Promise<number> {
	let [longest, hasEnded] = [0, false];
	const end = () => (hasEnded = true);
	void work.then(end, end);
	while (!hasEnded) {
		const started = performance.now();
		// No answer at all counts with the time until that is known.
		const response = await fetch(url).catch(() => undefined);
		await response?.arrayBuffer();
		longest = Math.max(longest, performance.now() - started);
		await sleep(20);
	}
	return longest;
}
