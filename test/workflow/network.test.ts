import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type * as Axios from 'axios';
import { coreDependency } from '../harness/n8n';
import { CONNECTION_CUT, HUNG_UP, NEVER_SENT, RESET } from '../service/networkFaults';

/** The simulation's network failures against those of real sockets. */

const { default: axios } = coreDependency<typeof Axios>('axios')!;
const settings = {
	maxRedirects: 0,
	timeout: 300,
	validateStatus: () => true,
	proxy: false,
} as const;

/** What a server does to a connection on which a request has come. */
const conduct: Record<string, (socket: Socket) => void> = {
	'/hangsUp': (socket) => socket.end(),
	'/resets': (socket) => socket.resetAndDestroy(),
	'/cutsOff': (socket) => {
		socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":');
		setTimeout(() => socket.destroy(), 20);
	},
	'/isSilent': () => {},
};

let server: Server;
let origin: string;

beforeAll(async () => {
	server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', (data) => conduct[String(data).split(' ')[1]!]?.(socket));
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

type Seen = { code?: string; message: string; cause?: { code?: string; syscall?: string } };

const failure = async (url: string): Promise<Seen> =>
	await axios.get(url, settings).then(
		() => {
			throw new Error('An answer came');
		},
		(error: Seen) => error,
	);

test.each([
	['hangsUp', HUNG_UP],
	['resets', RESET],
])('a server that %s fails as in the simulation', async (path, { code, message, syscall }) => {
	const seen = await failure(`${origin}/${path}`);
	expect(seen).toMatchObject({ code, message, cause: { code } });
	expect(seen.cause?.syscall).toBe(syscall);
});

test('a response that is cut off, and one that never comes, have codes of their own', async () => {
	expect(await failure(`${origin}/cutsOff`)).toMatchObject({
		code: 'ERR_BAD_RESPONSE',
		message: 'stream has been aborted',
	});
	expect(await failure(`${origin}/isSilent`)).toMatchObject({ code: 'ECONNABORTED' });
});

test('a refused connection fails as in the simulation', async () => {
	const { code, syscall } = NEVER_SENT.refused;
	expect(await failure('http://127.0.0.1:1/')).toMatchObject({ code, cause: { code, syscall } });
});

test('a stream that is cut off fails as in the simulation', async () => {
	const { data } = await axios.get<AsyncIterable<Buffer>>(`${origin}/cutsOff`, {
		...settings,
		responseType: 'stream',
	});
	const reading = (async () => {
		for await (const _ of data);
	})();
	await expect(reading).rejects.toMatchObject(CONNECTION_CUT);
});
