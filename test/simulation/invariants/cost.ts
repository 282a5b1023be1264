import type { Simulation } from '../simulation';

/**
 * Promises that n8n and the node may make for each item and each request, and for each chunk of a body;
 * counted, with room. An image on its way into the storage passes three generators and two streams,
 * which make 27 for a chunk: that shows where it never ends, as nothing else makes as many chunks.
 */
const MAX_PROMISES = { item: 2_000, request: 1_000, chunk: 40 };

/** The largest response that is read, in bytes, and what the network may have sent ahead. */
const MAX_JSON_BYTES = 300_000 + 3 * 64 * 1024;
const MAX_IMAGE_BYTES = 64 * 1024 * 1024 + 3 * 64 * 1024;

/** The work of a run is linear in its items and requests, and so is what it reads. */
export function* costIsLinear({ history, scenario: { items } }: Simulation) {
	for (const { execution, promises, nodeRuns } of history.runs) {
		const requests = history.exchanges.filter((one) => one.execution === execution);
		const chunks = requests.reduce((sum, { chunks: own = 0 }) => sum + own, 0);
		const most =
			MAX_PROMISES.item * items * Math.max(1, nodeRuns.length) +
			MAX_PROMISES.request * requests.length +
			MAX_PROMISES.chunk * chunks;
		const work = `${items} items and ${requests.length} requests`;
		if (promises > most) yield `${promises} promises for ${work}`;
	}
}

/** In CPU time of the process, so that other work on the machine does not count; three times what was seen. */
const MAX_TURN_MS = 200;
/** With thousands of items n8n's own data make the collector of garbage work as long. */
const MAX_TURN_MS_PER_ITEM = 1;

/** No turn of the event loop keeps n8n from its other executions, but its own at the begin and end of one. */
export function* turnsAreShort({ history, scenario }: Simulation) {
	const most = Math.max(MAX_TURN_MS, MAX_TURN_MS_PER_ITEM * scenario.items);
	for (const { longestTurnMs: ms } of history.runs) {
		if (ms > most) yield `A turn of the event loop took ${Math.round(ms)} ms`;
	}
}

/** No response is read beyond its limit. */
export function* responsesAreBounded({ history }: Simulation) {
	for (const { bytes = 0, call, at } of history.exchanges) {
		const most = call === 'image' ? MAX_IMAGE_BYTES : MAX_JSON_BYTES;
		if (bytes > most) yield `${bytes} bytes of the ${call} call at ${at} were read`;
	}
}

/**
 * No listener is left on a signal when a run has ended but one on n8n's own signal of each execution,
 * which n8n drops with the execution.
 */
export function* nothingIsLeft({ history }: Simulation) {
	for (const { abortListeners: left, execution } of history.runs) {
		if (left > execution) yield `${left} listeners are left after execution ${execution}`;
	}
}
