import { answerInProcess } from '../harness/inProcessHttp';
import { Body } from '../service/body';
import type { BodyPlan } from '../service/body';
import type { Response } from '../service/faults';
import { CONNECTION_CUT, NEVER_SENT, systemError } from '../service/networkFaults';
import type { Exchange, Outcome } from './history';
import type { Random } from './random';
import type { Simulation } from './simulation';

/** The way between n8n and the simulated service; notes how each request ends for the node. */
export const installTransport = (sim: Simulation): (() => void) =>
	answerInProcess(async ({ method, url, headers, body: sent }, onGivenUp) => {
		if (sim.isDead) throw systemError(NEVER_SENT.refused);
		const body = sent ? (JSON.parse(sent) as Record<string, unknown>) : {};
		const { exchange, carry } = sim.record({ method, url, headers, body });
		const ended = (outcome: Outcome) => sim.history.end(exchange, sim.clock.now, outcome);
		const failed = (code: string, wasSent = true) => ended({ kind: 'failed', code, sent: wasSent });
		onGivenUp((why) => (why === 'timeout' ? failed('ECONNABORTED') : ended({ kind: 'aborted' })));

		const wire = await carry();
		if (exchange.outcome || wire === 'silence') return await new Promise(() => {});
		if ('failure' in wire) {
			failed(wire.failure.code, wire.sent);
			throw systemError(wire.failure);
		}
		const { status } = wire;
		if (status === 429) exchange.retryAfterMs = retryAfterMs(wire.headers['retry-after']);
		const isImage = exchange.call === 'image';
		const outcome = outcomeOf(wire, exchange);
		// What an image's status says is known at once; JSON, when all of it has come.
		if (isImage && (status < 200 || status >= 300)) ended(outcome);
		const plan = isImage ? inUnevenPieces(wire.body, sim.random) : wire.body;
		const stream = new Body(plan, (ms, work) => sim.clock.after(ms, work));
		stream.once('end', () => ended(outcome));
		stream.on('error', ({ code }: NodeJS.ErrnoException) => {
			if (code === CONNECTION_CUT.code) failed(code);
		});
		stream.once('close', () => {
			Object.assign(exchange, stream.taken);
			ended({ kind: 'aborted', begunWith: status });
		});
		return { ...wire, body: stream };
	});

function outcomeOf({ status, json }: Response, { call, fault }: Exchange): Outcome {
	const isMeant = json !== undefined && fault !== 'anotherTask';
	return isMeant || status >= 300 || call === 'image'
		? { kind: 'answered', status, body: json ?? {} }
		: { kind: 'damaged', status };
}

function retryAfterMs(header: string | undefined): number {
	const asked = /^[0-9.]+$/.test(header ?? '')
		? Number(header) * 1_000
		: Date.parse(header ?? '') - Date.now();
	return Math.max(0, asked || 0);
}

/** The same bytes in pieces as a network would break them; some are very short. */
function inUnevenPieces(plan: BodyPlan, random: Random): BodyPlan {
	if (plan.gapMs) return plan;
	let rest: Buffer = Buffer.alloc(0);
	const next = () => {
		if (rest.length === 0) {
			const piece = plan.next();
			if (piece === undefined) return undefined;
			rest = piece;
		}
		const size = random.chance(0.3) ? random.whole(1, 11) : random.whole(1, 2 * rest.length);
		const part = rest.subarray(0, size);
		rest = rest.subarray(size);
		return part;
	};
	return { ...plan, next, gapMs: () => random.magnitude(1, 200) };
}
