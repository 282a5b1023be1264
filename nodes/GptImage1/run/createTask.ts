import type { IDataObject } from 'n8n-workflow';
import { Ended, Problem, unansweredBefore } from '../task/errors';
import type { Place } from '../task/ledger';
import type { Item } from './item';

export type Task = {
	requestId: string;
	/** When it was created, in ms since 1970. */
	born: number;
	/** Created by this try, by an earlier one, or given by the user; only the first one's age tells. */
	origin: 'created' | 'resumed' | 'given';
	/** The body of its create; its duration is learned from and foretold by what it asked for. */
	body: IDataObject;
	/** Known from an earlier try to have ended well. */
	ended?: true;
	/** What the service said of it last. */
	fields: IDataObject;
};

/** How long creates are repeated that the service refuses for the moment, in milliseconds. */
const LONGEST_REFUSAL = 600_000;

/**
 * The task of this item: the one that an earlier try has created, or a new one. It is in the ledger
 * before anything else is done with it.
 */
export async function createTask(item: Item, body: IDataObject): Promise<Task> {
	const { ledger } = item;
	const place = item.placeOf(body);
	const known = ledger.find(place);
	if (known) {
		item.recallTask(body);
		item.report.tell('info', known.requestId, 'of an earlier try goes on');
		return { ...known, origin: 'resumed', body, fields: {} };
	}
	if (ledger.isUnanswered(place, item.executionId)) throw unansweredBefore();

	return await orCancelOnStop(item, createAnew(item, place));
}

async function createAnew(item: Item, place: Place): Promise<Task> {
	const { ledger, clock, client } = item;
	const { body } = place;
	const creating = client.create(body, clock.now() + LONGEST_REFUSAL);
	creating.catch((problem: unknown) => {
		const mayExist = problem instanceof Problem && problem.details.mayExist;
		if (mayExist) ledger.rememberUnanswered(place, item.executionId);
	});
	const { requestId, fields } = await creating;
	const born = clock.now();
	ledger.remember(place, { requestId, born });
	item.holdTask(requestId, place);
	item.report.tell('info', requestId, 'created');
	return { requestId, born, origin: 'created', body, fields };
}

/**
 * A create that has left cannot be called back. On Stop its item ends at once, and the answer, when
 * it comes, is used for one thing: to cancel the task.
 */
async function orCancelOnStop(item: Item, creating: Promise<Task>): Promise<Task> {
	return await new Promise<Task>((resolve, reject) => {
		const off = item.run.onStop(() => {
			reject(new Ended());
			void creating.then(
				async () => await item.cancelOpenTask(),
				() => undefined,
			);
		});
		void creating.then(resolve, reject).finally(off);
	});
}
