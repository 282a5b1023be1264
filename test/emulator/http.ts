import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Body, realAfter } from '../service/body';
import type { Wire } from '../service/faults';
import { Emulator } from './emulator';
import type { EmulatorOptions } from './emulator';
import type { RecordedRequest } from './records';

/** The emulated service over HTTP, on 127.0.0.1. */

/** How often what a test waits for is polled, in ms. */
const POLL_INTERVAL_MS = 2;

/** 0 (the default) is any free port. Throws when a fixed one is taken. */
export async function startEmulator(
	options: EmulatorOptions & { port?: number; imagesPort?: number } = {},
): Promise<Emulator> {
	const emulator = new Emulator(options, async (holds, timeoutMs) => {
		for (const until = Date.now() + timeoutMs; !holds(); await pause(POLL_INTERVAL_MS)) {
			if (Date.now() > until) return false;
		}
		return true;
	});
	const [api, images] = [serve(emulator, 'api'), serve(emulator, 'images')];
	emulator.stop = async () => void (await Promise.all([close(api), close(images)]));
	try {
		const origin = await listen(api, options.port ?? 0);
		emulator.baseUrl = `${origin}/model`;
		emulator.imagesOrigin = await listen(images, options.imagesPort ?? 0);
		return emulator;
	} catch (error) {
		await emulator.stop();
		throw error;
	}
}

/** A server, not listening yet. */
function serve(emulator: Emulator, port: RecordedRequest['port']): Server {
	const server = createServer(async (request, response) => {
		try {
			const { method = 'GET', url: path = '/' } = request;
			const headers = Object.fromEntries(
				Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
			);
			const text = await textOf(request);
			const record = emulator.record({ port, method, path, headers, text });
			response.once('finish', () => (record.finished = true));
			response.once('close', () => (record.endedAt = Date.now()));
			const { latency } = emulator.settings;
			if (port === 'api' && latency > 0) await pause(latency);
			emulator.answered(record, send(response, await emulator.answer(record)));
		} catch (error) {
			// Either the client broke off, which needs no answer, or the emulator itself is at fault.
			if (!response.headersSent) response.writeHead(500);
			response.end(`The emulator failed: ${String(error)}`);
		}
	});
	// Longer than any test: a connection that closes just as a client reuses it is no error.
	server.keepAliveTimeout = 120_000;
	return server;
}

/** Returns the status that goes out; 0 where none does. */
function send(response: ServerResponse, wire: Wire): number {
	if (wire === 'silence') return 0;
	if ('failure' in wire) {
		response.socket?.destroy();
		return 0;
	}
	const { status, headers, body: plan } = wire;
	const length = plan.length !== undefined && { 'content-length': plan.length };
	response.writeHead(status, { ...headers, ...length });
	const body = new Body(plan, realAfter);
	body.once('error', () => response.socket?.destroy());
	response.once('close', () => body.destroy());
	body.pipe(response);
	return status;
}

/** Resolves with the origin, `http://127.0.0.1:PORT`; rejects when the port is taken. */
async function listen(server: Server, port: number): Promise<string> {
	await once(server.listen(port, '127.0.0.1'), 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Closes the port and breaks every connection, answered or not. */
async function close(server: Server): Promise<void> {
	if (!server.listening) return;
	const closed = once(server.close(), 'close');
	server.closeAllConnections();
	await closed;
}
