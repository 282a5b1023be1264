import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the workflows of the test deliver to, and where they can be held between two nodes. */
export interface Destination {
	/** A file is PUT to `${url}/files/NAME`; a gate is a POST to `${url}/gates/NAME/EXECUTION`. */
	url: string;
	/** Every upload, by the name of its file, in order of arrival. */
	files: Map<string, Buffer[]>;
	/** From now on, whoever comes to this gate gets no answer. */
	closeGate(name: string): void;
	/** Answers all who wait there, and everybody after them. */
	openGate(name: string): void;
	/** Resolves with the first execution that waits at a closed gate, as soon as `count` do. */
	whenHeld(name: string, signal: AbortSignal, count?: number): Promise<string>;
	stop(): Promise<void>;
}

/** A server on loopback. A gate answers with what it was sent, so that items pass it unchanged. */
export async function startDestination(): Promise<Destination> {
	const files = new Map<string, Buffer[]>();
	const gates = new Map<string, Array<{ execution: string; answer: () => void }>>();

	const take = async (request: IncomingMessage, response: ServerResponse) => {
		const body = await bodyOf(request);
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
	const server = createServer((request, response) => void take(request, response).catch(() => {}));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;

	return {
		url: `http://127.0.0.1:${port}`,
		files,
		closeGate: (name) => void gates.set(name, []),
		openGate(name) {
			const held = gates.get(name) ?? [];
			gates.delete(name);
			for (const { answer } of held) answer();
		},
		async whenHeld(name, signal, count = 1) {
			for (;;) {
				const held = gates.get(name) ?? [];
				if (held.length >= count) return held[0]!.execution;
				await sleep(20, undefined, { signal });
			}
		},
		stop: async () =>
			await new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
