import dns from 'node:dns';
import { Container, coreDependency } from '../harness/n8n';
import { useFixture } from './fixture';
import { startSelfSigned } from './selfSigned';

/** A create that definitely never reached the service is told as that, and may be tried again. */

const fixture = useFixture({ progress: { byReads: 1 } });

const cleanUps: Array<() => void> = [];
afterEach(() => {
	for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** The base URL of a server whose certificate nobody has signed. */
async function startServer(options: object = {}): Promise<string> {
	const { origin, end } = await startSelfSigned(undefined, options);
	cleanUps.push(end);
	return `${origin}/model`;
}

/** Has a name lead to these addresses alone. */
function resolveTo(addresses: Array<{ address: string; family: 4 | 6 }>): void {
	jest.spyOn(dns, 'lookup').mockImplementation(((
		_name: string,
		{ all }: dns.LookupOptions,
		done: (error: null, ...found: unknown[]) => void,
	) => {
		if (all) done(null, addresses);
		else done(null, addresses[0]!.address, addresses[0]!.family);
	}) as never);
	cleanUps.push(() => jest.restoreAllMocks());
}

/** n8n's own protection against requests to private addresses, where this n8n has it. */
const protection = coreDependency<{ SsrfProtectionConfig?: new () => { enabled: boolean } }>(
	'@n8n/config',
)?.SsrfProtectionConfig;

function protectPrivateAddresses(enabled: boolean): void {
	if (protection) Container.get<{ enabled: boolean }>(protection).enabled = enabled;
}

let certified = '';
let outdated = '';
beforeEach(async () => {
	certified = await startServer();
	outdated = await startServer({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
});

/** The base URL that the user has given, and what stands in the way. */
const CAUSES: Record<string, () => string> = {
	'a base URL with a user name': () => fixture.emulator.baseUrl.replace('://', '://me:secret@'),
	'a base URL with a query': () => `${fixture.emulator.baseUrl}?team=1`,
	'a misspelt scheme': () => 'htps://127.0.0.1:1/model',
	'https to a port that speaks http': () => fixture.emulator.baseUrl.replace('http:', 'https:'),
	'a certificate that nobody has signed': () => certified,
	'a server that speaks an outdated TLS': () => outdated,
	'several addresses, none of which can be reached': () => {
		// One that the system refuses, as it does not say of which link it is, and a closed port.
		resolveTo([
			{ address: 'fe80::1', family: 6 },
			{ address: '127.0.0.1', family: 4 },
		]);
		return 'http://service.test:1/model';
	},
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
		const credential = { ...fixture.credential, baseUrl: baseUrl() };
		const { status, error } = await fixture.run({ prompt: 'x' }, { credential });
		const told = `${error?.message} ${error?.description}`;
		expect(status).toBe('error');
		expect(told).toMatch(/nothing was (sent|created)|no task was created/i);
		expect(told).not.toMatch(/may exist|may have been accepted|secret/i);
		expect(fixture.emulator.creates()).toHaveLength(0);
	},
	60_000,
);

test('once the base URL is corrected, Retry On Fail creates the task', async () => {
	const credential = { ...fixture.credential, baseUrl: certified };
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 200 };
	const run = fixture.start({ prompt: 'x', waitForCompletion: false }, { credential, settings });
	const failed = () => run.logs.some(({ level }) => level === 'warn');
	while (!failed()) await new Promise((resolve) => setTimeout(resolve, 20));
	// n8n reads the credential anew at each try.
	credential.baseUrl = fixture.emulator.baseUrl;
	const execution = await run.ended;
	expect(execution.error?.message).toBeUndefined();
	expect(execution.items('Image')).toHaveLength(1);
	expect(fixture.emulator.creates()).toHaveLength(1);
});
