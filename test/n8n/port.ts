import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The preferred port if it is free on loopback, else any free one. */
export async function freePort(preferred = 0): Promise<number> {
	const server = createServer().listen(preferred, '127.0.0.1');
	try {
		await once(server, 'listening');
	} catch (error) {
		if (preferred) return await freePort();
		throw error;
	}
	const { port } = server.address() as AddressInfo;
	server.close();
	return port;
}
