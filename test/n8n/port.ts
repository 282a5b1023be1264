import { createServer } from 'node:net';

/** Whether the port is free on loopback; 0 asks the system for any that is. */
async function listen(port: number): Promise<number | undefined> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
		});
	});
}

/** The preferred port if it is free, else any free one. */
export async function freePort(preferred?: number): Promise<number> {
	const port = (preferred && (await listen(preferred))) || (await listen(0));
	if (!port) throw new Error('There is no free port on 127.0.0.1.');
	return port;
}
