import { createServer as createProxy, request } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Container, coreDependency } from '../harness/n8n';
import { records } from '../service/variations';
import { useFixture } from './fixture';

/** What only real connections show: creates that were never sent, proxies, answers without an end. */

const fixture = useFixture({ progress: { byReads: 1 } });

const cleanUps: Array<() => void> = [];
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

/** A server on loopback with that certificate. @returns its origin */
async function startSelfSigned(options: object = {}, listener?: RequestListener): Promise<string> {
	const server = createServer({ ...SELF_SIGNED, ...options }, listener);
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	cleanUps.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** n8n's own protection against requests to private addresses, where the engine applies it by itself. */
const protection =
	'passthroughEgressFilter' in (coreDependency<object>('@n8n/backend-network') ?? {})
		? coreDependency<{ SsrfProtectionConfig: new () => { enabled: boolean } }>('@n8n/config')
				?.SsrfProtectionConfig
		: undefined;

function protectPrivateAddresses(enabled: boolean): void {
	if (protection) Container.get<{ enabled: boolean }>(protection).enabled = enabled;
}

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
	...(protection !== undefined && {
		"n8n's own block of private addresses": () => {
			protectPrivateAddresses(true);
			cleanUps.push(() => protectPrivateAddresses(false));
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

const soon = { pollInterval: 0.5 };

/** One byte in 0.3 s, half a minute in all: longer than a test may take. */
describe('an answer that drips', () => {
	beforeEach(() => fixture.emulator.answerNext('status', 'drip', 100));

	test('of a status does not hold a wait beyond its time-out', async () => {
		const execution = await fixture.run({ prompt: 'x', options: { ...soon, timeout: 3 } });
		expect(execution.error?.message).toContain(fixture.onlyTask().id);
		expect(fixture.requests('status')[0]).toMatchObject({ status: 200, finished: false });
	});

	test('is broken off by Stop', async () => {
		const run = fixture.start({ prompt: 'x', options: soon });
		const status = await fixture.answered('status');
		run.stop();
		await run.ended;
		expect(status.finished).toBe(false);
	});
});

// With a pattern that is worse than linear, of the node or of n8n, the test's time is up.
test.each(['<', '<title>', '<!--', ' ', 'a '])(
	'a page of %j over and over does not hold up n8n',
	async (part) => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.answerNext('status', { status: 403, body: part.repeat(200_000) });
		const execution = await fixture.run({ operation: 'getStatus', requestId: id });
		expect(execution.error?.message).toContain('403');
	},
);

describe('the words of the service are one short line', () => {
	const words = `WARMING_UP\r\n\u2028forged line ${'x'.repeat(100_000)}`;

	test.each([
		['a status word', 'status', 200, { status: words }],
		[
			'the error of a task that has failed, and its kind',
			...(['status', 200, { status: 'COMPLETED', error: words, error_type: words }] as const),
		],
		['the detail of a refusal', 'create', 422, { detail: words }],
	] as const)('%s', async (_what, call, status, body) => {
		fixture.emulator.answerNext(call, { status, body }, 100);
		const execution = await fixture.run({ prompt: 'x', options: { ...soon, timeout: 2 } });
		const { message, description } = execution.error!;
		expect(`${message} ${description}`).toContain('WARMING_UP');
		expect(message.length).toBeLessThan(500);
		expect(description).not.toMatch(/[\r\n\u2028]forged/);
		const own = execution.logs.filter((line) => line.message.includes('SeaArt GPT Image 1'));
		expect(own.length).toBeGreaterThan(0);
		for (const line of [message, ...own.map((one) => one.message)]) {
			expect(line).not.toMatch(/[\r\n\u2028]/);
		}
		for (const text of [description, ...own.map((one) => one.text)]) {
			expect(text!.length).toBeLessThan(5000);
		}
	});
});
