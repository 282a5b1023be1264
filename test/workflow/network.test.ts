import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type * as Axios from 'axios';
import { coreDependency } from '../harness/n8n';
import { CONNECTION_CUT, HUNG_UP, RESET } from '../service/networkFaults';

/** The simulation's network failures against those of real sockets. */

const { default: axios } = coreDependency<typeof Axios>('axios')!;
const settings = { maxRedirects: 0, proxy: false } as const;

/** What the server does to a connection on which a request has come. */
let respond: (socket: Socket) => void;

const cutsOff = (socket: Socket) => {
	socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":');
	setTimeout(() => socket.destroy(), 20);
};

let server: Server;
let origin: string;

beforeAll(async () => {
	server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => respond(socket));
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

const failureOf = async (does: (socket: Socket) => void, config: { timeout?: number } = {}) => {
	respond = does;
	return await axios.get(origin, { ...settings, ...config }).catch((error: Error) => error);
};

test('connections that fail do so as in the simulation', async () => {
	const hungUp = await failureOf((socket) => socket.end());
	expect(hungUp).toMatchObject({ ...HUNG_UP, cause: { code: HUNG_UP.code } });
	expect(hungUp).not.toHaveProperty('cause.syscall');
	const { code, message, syscall } = RESET;
	const reset = await failureOf((socket) => socket.resetAndDestroy());
	expect(reset).toMatchObject({ code, message, cause: { code, syscall } });
	const refused = await axios.get('http://127.0.0.1:1/', settings).catch((error: Error) => error);
	expect(refused).toMatchObject({ code: 'ECONNREFUSED', cause: { syscall: 'connect' } });
});

test('a response that never comes, and one that is cut off, have codes of their own', async () => {
	expect(await failureOf(() => {}, { timeout: 300 })).toMatchObject({ code: 'ECONNABORTED' });
	const message = 'stream has been aborted';
	expect(await failureOf(cutsOff)).toMatchObject({ code: 'ERR_BAD_RESPONSE', message });
	const { data } = await axios.get<Readable>(origin, { ...settings, responseType: 'stream' });
	await expect(data.toArray()).rejects.toMatchObject(CONNECTION_CUT);
});
