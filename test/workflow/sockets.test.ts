import { once } from 'node:events';
import { createServer as createProxy, request } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type * as Axios from 'axios';
import { Container, coreDependency } from '../harness/n8n';
import { CONNECTION_CUT, HUNG_UP, RESET } from '../service/networkFaults';
import { records } from '../service/variations';
import { useFixture } from './fixture';

/** What only real connections show: creates that were never sent, certificates, proxies. */

const fixture = useFixture({ progress: { byReads: 1 } });

const cleanUps: Array<() => unknown> = [];
afterEach(() => {
	for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/**
 * A self-signed certificate for `service.test`, good for a hundred years, and its key. It is
 * for servers of tests on loopback alone and protects nothing.
 */
const SELF_SIGNED = {
	cert: `-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUAssvpoufuAnm+pzKkido14PH35kwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2VydmljZS50ZXN0MCAXDTI2MTEyNDExMzgyNFoYDzIxMjYx
MDMxMTEzODI0WjAXMRUwEwYDVQQDDAxzZXJ2aWNlLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAT63uMJl4xeYRFOyDGX2Xojbro8kmjgwFP2bNtYpDSa++D6
6hj0FLSseOxm+cjXgCTDgvGf6XV6mM+q5/Unguk5o1MwUTAdBgNVHQ4EFgQU2XtR
EWYKNbU5Ushil5vKTC43LtswHwYDVR0jBBgwFoAU2XtREWYKNbU5Ushil5vKTC43
LtswDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEApsDJN03c7Ikj
jkiJl7zVnuDHedLrRcdKOqOhNYEEFWQCIF0oG03JULeRnRtJgFllADtwpFX2dlFI
hCOFunO4Ctv8
-----END CERTIFICATE-----`,
	key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/JK4ZrbY2fYJCujG
9aex+dPRFzUcqGBDmZAC/eBfNdWhRANCAAT63uMJl4xeYRFOyDGX2Xojbro8kmjg
wFP2bNtYpDSa++D66hj0FLSseOxm+cjXgCTDgvGf6XV6mM+q5/Unguk5
-----END PRIVATE KEY-----`,
};

/** @returns its port on loopback, until the test ends */
async function portOf(server: Server): Promise<number> {
	await once(server.listen(0, '127.0.0.1'), 'listening');
	cleanUps.push(
		() => server.closeAllConnections(),
		() => server.close(),
	);
	return (server.address() as AddressInfo).port;
}

/** @returns the origin of a server with that certificate */
const startSelfSigned = async (options: object = {}, listener?: RequestListener) =>
	`https://127.0.0.1:${await portOf(createServer({ ...SELF_SIGNED, ...options }, listener))}`;

type Config = { SsrfProtectionConfig: new () => { enabled: boolean } };

/** n8n's own block of private addresses, where the engine applies it by itself. */
const Protection =
	'passthroughEgressFilter' in (coreDependency<object>('@n8n/backend-network') ?? {})
		? coreDependency<Config>('@n8n/config')?.SsrfProtectionConfig
		: undefined;
const protection = Protection && (() => Container.get(Protection));

/** The base URL that the user has given, and what stands in the way. */
const CAUSES: Record<string, () => string | Promise<string>> = {
	'a base URL with a user name': () => fixture.emulator.baseUrl.replace('://', '://me:secret@'),
	'a base URL with a query': () => `${fixture.emulator.baseUrl}?team=1`,
	'a misspelt scheme': () => 'htps://127.0.0.1:1/model',
	'no base URL': () => '',
	'https to a port that speaks http': () => fixture.emulator.baseUrl.replace('http:', 'https:'),
	'a self-signed certificate': () => startSelfSigned(),
	'a server that speaks an outdated TLS': () =>
		startSelfSigned({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }),
	'several addresses, none of which can be reached': () => 'http://localhost:1/model',
	...(protection && {
		"n8n's own block of private addresses": () => {
			protection().enabled = true;
			cleanUps.push(() => (protection().enabled = false));
			return fixture.emulator.baseUrl;
		},
	}),
};

test.each(Object.entries(CAUSES))(
	'%s: nothing was sent, and the error says so',
	async (_name, baseUrl) => {
		const credential = { ...fixture.credential, baseUrl: await baseUrl() };
		const { error } = await fixture.run({ prompt: 'x' }, { credential });
		const told = `${error?.message} ${error?.description}`;
		expect(told).toMatch(/nothing was (sent|created)|no task was created/i);
		expect(told).not.toMatch(/may exist|may have been accepted|secret/i);
		expect(fixture.requests('create')).toHaveLength(0);
	},
);

test.each([
	['is fetched where the user wants it so', true, 'success'],
	['is not fetched by default', false, 'error'],
])('an image behind a self-signed certificate %s', async (_what, allowed, status) => {
	const origin = await startSelfSigned({}, (_, response) => {
		response.end(fixture.picture(fixture.onlyTask().id));
	});
	const url = `${origin}/image.png`;
	fixture.emulator.play({ answers: { result: records((one) => ({ ...one, url })) } });
	const requestOptions = { allowUnauthorizedCerts: allowed };
	const execution = await fixture.run({ prompt: 'a red apple', requestOptions });
	expect(execution.status).toBe(status);
});

test("n8n's own Proxy option counts for the images too", async () => {
	const seen: string[] = [];
	const proxy = createProxy((incoming, outgoing) => {
		const { method = '', headers, url = '' } = incoming;
		seen.push(url);
		const onward = request(url, { method, headers }, (response) => {
			outgoing.writeHead(response.statusCode!, response.headers);
			response.pipe(outgoing);
		});
		incoming.pipe(onward);
	});
	const address = `http://127.0.0.1:${await portOf(proxy)}`;
	const requestOptions = { proxy: address, allowUnauthorizedCerts: true };
	const execution = await fixture.run({ prompt: 'a red apple', requestOptions });
	expect(execution.error).toBeUndefined();
	expect(seen).toEqual(fixture.emulator.requests.map(({ path }) => expect.stringContaining(path)));
	expect(seen.at(-1)).toContain(fixture.emulator.imagesOrigin);
});

describe('connections fail as they do in the simulation', () => {
	const axios = coreDependency<typeof Axios>('axios')!.default;
	const settings = { maxRedirects: 0, proxy: false } as const;

	/** An address at which this is done to a connection on which a request has come. */
	async function failing(respond: (socket: Socket) => void): Promise<string> {
		const server = createNetServer((socket) => {
			socket.on('error', () => {});
			socket.once('data', () => respond(socket));
		});
		await once(server.listen(0, '127.0.0.1'), 'listening');
		cleanUps.push(() => server.close());
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	const failureOf = async (url: string, timeout = 0) =>
		await axios.get(url, { ...settings, timeout }).catch((error: Error) => error);

	const cutOff = async () =>
		await failing((socket) => {
			socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":');
			setTimeout(() => socket.destroy(), 20);
		});

	test('one that hangs up, that is reset, that is refused', async () => {
		const hungUp = await failureOf(await failing((socket) => socket.end()));
		expect(hungUp).toMatchObject({ ...HUNG_UP, cause: { code: HUNG_UP.code } });
		expect(hungUp).not.toHaveProperty('cause.syscall');
		const { code, message, syscall } = RESET;
		const reset = await failureOf(await failing((socket) => socket.resetAndDestroy()));
		expect(reset).toMatchObject({ code, message, cause: { code, syscall } });
		const refused = { code: 'ECONNREFUSED', cause: { syscall: 'connect' } };
		expect(await failureOf('http://127.0.0.1:1/')).toMatchObject(refused);
	});

	test('one on which nothing comes, and a response that is cut off', async () => {
		const silent = await failing(() => {});
		expect(await failureOf(silent, 300)).toMatchObject({ code: 'ECONNABORTED' });
		const message = 'stream has been aborted';
		expect(await failureOf(await cutOff())).toMatchObject({ code: 'ERR_BAD_RESPONSE', message });
		const asStream = { ...settings, responseType: 'stream' } as const;
		const { data } = await axios.get<Readable>(await cutOff(), asStream);
		await expect(data.toArray()).rejects.toMatchObject(CONNECTION_CUT);
	});
});
