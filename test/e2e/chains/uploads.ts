import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export interface Uploads {
	url: string;
	/** What has been uploaded, form by form. */
	forms: FormData[];
	stop(): Promise<void>;
}

/** A server on loopback that takes multipart forms. */
export async function startUploads(): Promise<Uploads> {
	const forms: FormData[] = [];
	const server = createServer((request, response) => {
		const body = Readable.toWeb(request) as ReadableStream;
		const headers = { 'content-type': request.headers['content-type'] ?? '' };
		new Response(body, { headers }).formData().then(
			(form) => {
				forms.push(form);
				response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
			},
			(error) => response.writeHead(400).end(String(error)),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/upload`,
		forms,
		stop: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}
