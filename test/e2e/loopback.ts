import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves HTTP on a free port of 127.0.0.1. */
export async function serve(listener: RequestListener) {
	const server = createServer(listener).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const stop = async () => {
		const closed = once(server.close(), 'close');
		server.closeAllConnections();
		await closed;
	};
	return { url: `http://127.0.0.1:${port}`, stop };
}
