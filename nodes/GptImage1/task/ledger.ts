import type { IContextObject, IDataObject } from 'n8n-workflow';
import type { ObservedDuration } from './durations';
import { remember } from './schedule';

/**
 * Which task belongs to which item of this execution. It lives in n8n's node context, which is kept
 * with the execution's data: still there when Retry On Fail or "Retry execution" runs the node
 * again, and empty in a new execution (engine fact 19). It holds ids and times, never a prompt.
 */

/** Which item of which run, with which request; the same again in a retry. */
export type Place = { runIndex: number; itemIndex: number; body: IDataObject };

export type KnownTask = { requestId: string; born: number; ended?: true };

type Entry =
	| { id: string; born: number; ended?: true }
	/** A create that got no answer, and the execution in which that was. */
	| { unanswered: string };

type Kept = {
	tasks?: Record<string, Entry>;
	durations?: Record<string, ObservedDuration[]>;
};

/** 53 bits of a text; written here because Node's crypto is closed to community nodes. */
export function fingerprint(text: string): string {
	let [low, high] = [0xdeadbeef, 0x41c6ce57];
	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		low = Math.imul(low ^ unit, 2654435761);
		high = Math.imul(high ^ unit, 1597334677);
	}
	low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
	high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
	return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36);
}

const keyOf = ({ runIndex, itemIndex, body }: Place) =>
	`${runIndex}.${itemIndex}.${fingerprint(JSON.stringify(body))}`;

/** Tasks with the same parameters take similar times, whatever their prompts say. */
const kindOf = ({ prompt: _prompt, user: _user, ...rest }: IDataObject) =>
	fingerprint(JSON.stringify(rest));

export class Ledger {
	private readonly kept: Kept;

	/** @param context the node context of the execution */
	constructor(context: IContextObject) {
		this.kept = context;
	}

	/** The task that an earlier try of this item has created. */
	find(place: Place): KnownTask | undefined {
		const entry = this.kept.tasks?.[keyOf(place)];
		if (entry === undefined || !('id' in entry)) return undefined;
		return { requestId: entry.id, born: entry.born, ...(entry.ended && { ended: true }) };
	}

	/** The task of a place has ended well: what a retry still has to do is to fetch its images. */
	noteEnd(place: Place): void {
		const entry = this.kept.tasks?.[keyOf(place)];
		if (entry !== undefined && 'id' in entry) this.note(place, { ...entry, ended: true });
	}

	/**
	 * Whether an earlier try of the same execution sent a create for this item and got no answer. A
	 * person who presses "Retry execution" starts another one, and has read the error before.
	 */
	isUnanswered(place: Place, executionId: string): boolean {
		const entry = this.kept.tasks?.[keyOf(place)];
		return entry !== undefined && 'unanswered' in entry && entry.unanswered === executionId;
	}

	remember(place: Place, { requestId, born }: KnownTask): void {
		this.note(place, { id: requestId, born });
	}

	rememberUnanswered(place: Place, executionId: string): void {
		this.note(place, { unanswered: executionId });
	}

	/** A task that ended without an image is forgotten, so that a retry makes a new one. */
	forget(place: Place): void {
		if (this.kept.tasks) delete this.kept.tasks[keyOf(place)];
	}

	/** How long tasks with such a request have taken in this execution. */
	durationsOf(body: IDataObject): readonly ObservedDuration[] {
		return this.kept.durations?.[kindOf(body)] ?? [];
	}

	learn(body: IDataObject, duration: ObservedDuration): void {
		const kind = kindOf(body);
		const known = this.kept.durations?.[kind] ?? [];
		this.kept.durations = { ...this.kept.durations, [kind]: remember(known, duration) };
	}

	private note(place: Place, entry: Entry): void {
		(this.kept.tasks ??= {})[keyOf(place)] = entry;
	}
}
