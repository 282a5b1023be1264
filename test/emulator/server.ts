import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, realAfter } from '../service/body';
import type { Wire } from '../service/faults';
import type { EmulatedService } from './emulatedService';
import type { RecordedRequest } from './records';

/** The emulated service over HTTP. */

const MAX_BODY_BYTES = 1024 * 1024;

export type Served = {
	service: EmulatedService;
	port: RecordedRequest['port'];
	/** Milliseconds before each answer. */
	latency?: number;
	onAnswer?: (request: RecordedRequest) => void;
};

/** A server, not listening yet. */
export function serve({ service, port, latency = 0, onAnswer }: Served): Server {
	const server = createServer(async (request, response) => {
		try {
			const { method = 'GET', url: path = '/' } = request;
			const headers = Object.fromEntries(
				Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
			);
			const text = await bodyOf(request);
			const record = service.record({ port, method, path, headers, text });
			response.once('finish', () => (record.finished = true));
			response.once('close', () => (record.endedAt = Date.now()));
			if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
			record.status = send(response, await service.respond(record));
			service.records.tell(record);
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

async function bodyOf(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of request) {
		length += (part as Buffer).length;
		if (length > MAX_BODY_BYTES) throw new Error('The body is too long');
		parts.push(part as Buffer);
	}
	return Buffer.concat(parts).toString('utf8');
}

/** Returns the status that goes out; 0 where none does. */
function send(response: ServerResponse, wire: Wire): number {
	if (wire === 'silence') return 0;
	if ('failure' in wire) {
		response.socket?.destroy();
		return 0;
	}
	const { status, headers, body: plan } = wire;
	const { length } = plan;
	response.writeHead(status, {
		...headers,
		...(length !== undefined && { 'content-length': length }),
	});
	const body = new Body(plan, realAfter);
	body.once('error', () => response.socket?.destroy());
	response.once('close', () => body.destroy());
	body.pipe(response);
	return status;
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
