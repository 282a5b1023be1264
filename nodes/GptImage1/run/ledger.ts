import type { IContextObject, IDataObject } from 'n8n-workflow';
import type { TaskLife } from './taskState';

/**
 * Which task belongs to which item of this execution. It lives in n8n's node context, which is kept
 * with the execution's data: still there when Retry On Fail or "Retry execution" runs the node
 * again, and empty in a new execution. It holds IDs and times, never a prompt.
 */

export type LedgerEntry =
	/** `createdAt` in ms since 1970. */
	| { id: string; createdAt: number; succeeded?: true }
	/** A create is under way, or was when the execution was saved; and in which execution. */
	| { creating: string }
	/** A create that got no clear response, and the execution whose error said so. */
	| { unconfirmed: string };

/** The key of an item's task: the same again in a retry, and another for another request. */
export const ledgerKey = (runIndex: number, itemIndex: number, body: IDataObject) =>
	`${runIndex}.${itemIndex}.${fingerprint(JSON.stringify(body))}`;

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

export class Ledger {
	/** @param context the node context of the execution */
	constructor(private readonly context: IContextObject) {}

	get(key: string): LedgerEntry | undefined {
		return Object.hasOwn(this.entries, key) ? this.entries[key] : undefined;
	}

	set(key: string, entry: LedgerEntry): void {
		((this.context.tasks ??= {}) as Record<string, LedgerEntry>)[key] = entry;
	}

	/** @param createdAt in ms since 1970 */
	keepInStep(key: string, life: TaskLife, createdAt: number, executionId: string): void {
		if (life.is === 'unconfirmed') this.set(key, { unconfirmed: executionId });
		else if ('requestId' in life) {
			const succeeded = life.is === 'succeeded' && ({ succeeded: true } as const);
			this.set(key, { id: life.requestId, createdAt, ...succeeded });
		} else delete this.entries[key];
	}

	private get entries(): Record<string, LedgerEntry> {
		return (this.context.tasks ?? {}) as Record<string, LedgerEntry>;
	}
}
