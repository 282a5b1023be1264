import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve } from '../loopback';
import { until } from '../until';
import type { Gate } from './workflows';

export type Destination = Awaited<ReturnType<typeof startDestination>>;

/**
 * A server on loopback where the workflows of the test deliver to, and where they can be held between
 * two nodes. A file is PUT to `${url}/files/NAME`; a gate is a POST to `${url}/gates/NAME/EXECUTION`,
 * and answers with what it was sent, so that items pass it unchanged.
 */
export async function startDestination() {
	/** Every upload, by the name of its file, in order of arrival. */
	const files = new Map<string, Buffer[]>();
	const gates = new Map<string, Array<{ execution: string; answer: () => void }>>();

	const take = async (request: IncomingMessage, response: ServerResponse) => {
		const body = await buffer(request);
		const [, kind, name = '', execution = ''] = (request.url ?? '').split('/');
		const answer = () =>
			response
				.writeHead(200, { 'content-type': 'application/json' })
				.end(kind === 'files' ? '{}' : body);
		if (kind === 'files') files.set(name, [...(files.get(name) ?? []), body]);
		const held = kind === 'gates' ? gates.get(name) : undefined;
		if (held) held.push({ execution, answer });
		else answer();
	};
	// A client that was killed in the middle of its request is what these tests are about.
	const { url, stop } = await serve((request, response) => take(request, response).catch(() => {}));
	return {
		url,
		files,
		/** From now on, requests at this gate get no answer. */
		closeGate: (name: Gate) => void gates.set(name, []),
		/** Answers all who wait there, and everybody after them. */
		openGate(name: Gate) {
			const held = gates.get(name) ?? [];
			gates.delete(name);
			for (const { answer } of held) answer();
		},
		/** Resolves with the first execution that waits at a closed gate, as soon as `count` do. */
		whenHeld: async (name: Gate, count = 1) =>
			await until(`${count} wait at ${name}`, () => {
				const held = gates.get(name) ?? [];
				return held.length >= count && held[0]!.execution;
			}),
		stop,
	};
}
