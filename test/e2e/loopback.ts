import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Serves HTTP on a free port of 127.0.0.1. */
export async function serve(listener: Listener): Promise<{ url: string; stop(): Promise<void> }> {
	const server = createServer((request, response) => void listener(request, response));
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const { port } = server.address() as AddressInfo;
	const stop = async () =>
		await new Promise<void>((closed) => {
			server.close(() => closed());
			server.closeAllConnections();
		});
	return { url: `http://127.0.0.1:${port}`, stop };
}
