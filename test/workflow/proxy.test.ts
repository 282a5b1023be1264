import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useFixture } from './fixture';

const fixture = useFixture({ progress: { byReads: 1 } });

test("n8n's own Proxy option counts for the images too", async () => {
	const seen: string[] = [];
	const proxy = createServer((incoming, outgoing) => {
		const { method, headers, url = '' } = incoming;
		seen.push(url);
		const onward = request(url, { method: method!, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(outgoing);
		});
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	const { port } = proxy.address() as AddressInfo;
	const requestOptions = { proxy: `http://127.0.0.1:${port}`, allowUnauthorizedCerts: true };
	const execution = await fixture.run({ prompt: 'a red apple', requestOptions });
	proxy.closeAllConnections();
	proxy.close();
	expect(execution.error).toBeUndefined();
	expect(seen).toEqual(fixture.emulator.requests.map(({ path }) => expect.stringContaining(path)));
	expect(seen.at(-1)).toContain(fixture.emulator.imagesOrigin);
});
