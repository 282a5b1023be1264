import type { Execution } from '../harness/execution';
import type { Call as ServiceCall } from '../service/contract';
import type { FaultName } from './effects';

/** What happened in a simulation, as one who sees everything would write it down. */

export type Call = ServiceCall | 'other';

/** One request of the node and what became of it. Times are ms since the beginning. */
export type Exchange = {
	at: number;
	call: Call;
	method: string;
	url: string;
	headers: Record<string, string>;
	body: Record<string, unknown>;
	/** Counted over the whole history: each execution, and each time the node is run in one. */
	execution: number;
	nodeRun: number;
	node: string;
	/** The task that its address names. */
	requestId: string | undefined;
	/** The item for which a create was made. */
	item: number | undefined;
	fault: FaultName;
	/** How much of its body was taken, and in how many pieces. */
	bytes?: number;
	chunks?: number;
	/** How long a 429 asked to wait. */
	retryAfterMs?: number;
	/** The task that the service made of it. */
	accepted?: string;
	/** How it ended for the node, and when. */
	endedAt?: number;
	outcome?: Outcome;
};

export type Outcome =
	/** The answer as the service meant it arrived, and can be read. */
	| { kind: 'answered'; status: number; body: Record<string, unknown> }
	/** An answer arrived, but not one that can be taken for what the service meant. */
	| { kind: 'damaged'; status: number }
	| { kind: 'failed'; code: string; sent: boolean }
	/**
	 * The node did not wait for the answer, on Stop or when its time limit came, or not for all of its
	 * body: `begunWith` is the status that had come by then.
	 */
	| { kind: 'aborted'; begunWith?: number };

export type RunRecord = {
	execution: number;
	startedAt: number;
	endedAt: number;
	stoppedAt: number | undefined;
	/** The runs of the node in it, counted over the whole history. */
	nodeRuns: number[];
	result: Execution;
	/** Listeners left on abort signals, and how many promises were made. */
	abortListeners: number;
	promises: number;
	/** The most work in one turn of the event loop but those in which n8n begins or ends, in ms of CPU. */
	longestTurnMs: number;
};

/** So many characters of an outcome. */
const MAX_SHOWN = 200;

export class History {
	readonly exchanges: Exchange[] = [];
	readonly inFlight = new Set<Exchange>();
	readonly runs: RunRecord[] = [];
	/** Which execution each retry resumes: none where what n8n had saved before it was killed has no task. */
	readonly retryOf = new Map<number, number>();
	readonly violations: string[] = [];
	private readonly byTask = new Map<string, Exchange[]>();
	private readonly notes: Array<{ at: number; text: string }> = [];

	note(at: number, text: string): void {
		this.notes.push({ at, text });
	}

	begin(exchange: Exchange): void {
		this.exchanges.push(exchange);
		this.inFlight.add(exchange);
		const { requestId = '' } = exchange;
		this.byTask.set(requestId, this.byTask.get(requestId) ?? []);
		this.byTask.get(requestId)!.push(exchange);
	}

	/** The first end counts. */
	end(exchange: Exchange, at: number, outcome: Outcome): void {
		if (exchange.endedAt !== undefined) return;
		exchange.outcome = outcome;
		exchange.endedAt = at;
		this.inFlight.delete(exchange);
	}

	/** All calls about a task but its create. */
	about(requestId: string): readonly Exchange[] {
		return this.byTask.get(requestId) ?? [];
	}

	/** What the node has heard about a task, in order, up to a moment. */
	heardOf(requestId: string, before = Infinity): Exchange[] {
		return this.about(requestId).filter(
			(one) => one.outcome?.kind === 'answered' && (one.endedAt ?? Infinity) <= before,
		);
	}

	/** An execution and those whose saved data it resumes. */
	lineage(execution: number): Set<number> {
		const line = new Set([execution]);
		for (const one of line) {
			const resumed = this.retryOf.get(one);
			if (resumed !== undefined) line.add(resumed);
		}
		return line;
	}

	/** For a person who looks into a seed. */
	trace(): string {
		const lines = [...this.notes];
		for (const one of this.exchanges) {
			const { call, url, at, endedAt, requestId, item, fault, accepted, outcome } = one;
			const name = `${call} ${call === 'image' ? url : (requestId ?? `item ${item}`)}`;
			lines.push({ at, text: `→ ${name}${fault === 'none' ? '' : ` [${fault}]`}` });
			if (endedAt === undefined) continue;
			const made = accepted ? ` (made ${accepted})` : '';
			const became = JSON.stringify(outcome).slice(0, MAX_SHOWN) + made;
			lines.push({ at: endedAt, text: `← ${name}: ${became}` });
		}
		return lines
			.sort((a, b) => a.at - b.at)
			.map(({ at, text }) => `${(at / 1000).toFixed(3).padStart(10)} ${text}`)
			.join('\n');
	}
}
