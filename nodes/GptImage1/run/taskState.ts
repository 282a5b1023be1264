import type { CreatedTask } from '../service/types';

/** The life of one task as this execution knows it: all states, and the only steps between them. */

export type TaskLife =
	/** A create is under way. */
	| { is: 'creating' }
	/** It exists, and may run; or it has succeeded, and there are images to fetch. */
	| ({ is: 'open' | 'succeeded' } & CreatedTask)
	/** There is nothing to fetch, now or later. */
	| { is: 'discarded' }
	/** A create without a clear response, and its error: a task may exist whose request ID is unknown. */
	| { is: 'unconfirmed'; error?: Error };

export type TaskEvent =
	| ({ is: 'created' } & CreatedTask)
	/** The create was definitely not accepted. */
	| { is: 'notCreated' }
	| { is: 'unclear'; error: Error }
	| { is: 'succeeded' }
	/** It failed, or was cancelled. */
	| { is: 'ended' };

/** @throws Error where the step cannot be: a fault of this node */
export function nextLife(life: TaskLife, event: TaskEvent): TaskLife {
	switch (`${life.is}, ${event.is}`) {
		case 'creating, created':
			return { ...(event as CreatedTask), is: 'open' };
		case 'creating, notCreated':
			return { is: 'discarded' };
		case 'creating, unclear':
			return { ...(event as { error: Error }), is: 'unconfirmed' };
		case 'open, succeeded':
		case 'succeeded, succeeded':
			return { ...(life as CreatedTask), is: 'succeeded' };
		case 'open, ended':
		// A service that takes back an end is believed.
		case 'succeeded, ended':
		// The response to a cancel may come after that of a poll.
		case 'discarded, ended':
		case 'discarded, succeeded':
			return { is: 'discarded' };
		default:
			throw new Error(`A task that is ${life.is} cannot become ${event.is}`);
	}
}
