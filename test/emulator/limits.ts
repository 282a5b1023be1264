import type { Call } from '../service/contract';
import { ERRORS } from '../service/responses';
import type { Answer } from '../service/responses';
import type { Task } from '../service/task';

/** So many calls of a kind at once, and so many more each second; `openTasks` may be unfinished at once. */
export type Limits = Partial<Record<Exclude<Call, 'image'> | 'openTasks', number>>;

/** Keeps the limits on calls. */
export class Gate {
	private readonly buckets = new Map<Call, { tokens: number; filledAt: number }>();

	/** The refusal of a call that is one too many; it says in whole seconds when to come back. */
	enter(
		call: Call,
		{ openTasks = Infinity, ...rates }: Limits,
		tasks: Iterable<Task>,
	): Answer | undefined {
		const open = [...tasks].filter(({ state }) => state !== 'ended').length;
		if (call === 'create' && open >= openTasks) {
			return ERRORS.tooMany(`At most ${openTasks} unfinished tasks`, 1);
		}
		const rate = call === 'image' ? undefined : rates[call];
		if (rate === undefined) return undefined;
		const now = Date.now();
		const { tokens, filledAt } = this.buckets.get(call) ?? { tokens: rate, filledAt: now };
		const filled = Math.min(rate, tokens + ((now - filledAt) / 1000) * rate);
		this.buckets.set(call, { tokens: filled < 1 ? filled : filled - 1, filledAt: now });
		if (filled >= 1) return undefined;
		const seconds = Math.ceil((1 - filled) / rate);
		return ERRORS.tooMany(`At most ${rate} requests a second`, Math.max(1, seconds));
	}
}
