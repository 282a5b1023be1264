import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { send } from './misbehaviour';
import type { Outcome } from './misbehaviour';
import type { RecordedRequest, Records } from './records';

type Served = {
	port: RecordedRequest['port'];
	records: Records;
	/** Names in the record the call and the task, before anybody is told of it. */
	identify: (record: RecordedRequest) => void;
	answer: (record: RecordedRequest) => Promise<Outcome>;
	onAnswer?: (record: RecordedRequest) => void;
};

/** A server, not listening yet, that records each request and sends what `answer` says. */
export function serve({ port, records, identify, answer, onAnswer }: Served): Server {
	const server = createServer(async (request, response) => {
		try {
			const record = await records.open(request, response, port);
			identify(record);
			records.tell(record);
			record.status = send(response, await answer(record));
			records.tell(record);
			onAnswer?.(record);
		} catch (error) {
			// Either the client broke off, which needs no answer, or the emulator itself is at fault.
			if (!response.headersSent) response.writeHead(500);
			response.end(`The emulator failed: ${String(error)}`);
		}
	});
	// Longer than any test: a connection that closes just as a client reuses it is nobody's error.
	server.keepAliveTimeout = 120_000;
	return server;
}

/** Resolves with the origin, `http://127.0.0.1:PORT`; rejects when the port is taken. */
export async function listen(server: Server, port: number): Promise<string> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Closes the port and breaks every connection, answered or not. */
export async function close(server: Server): Promise<void> {
	if (!server.listening) return;
	await new Promise((resolve) => {
		server.close(resolve);
		server.closeAllConnections();
	});
}
