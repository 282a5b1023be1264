import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../n8n/port';
import { spawnGroup, stopGroup } from '../../n8n/processGroup';
import { until } from '../until';

/** Where Debian keeps PostgreSQL's own programs, outside the path. */
const POSTGRES = '/usr/lib/postgresql';
const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
const PATH = [process.env.PATH, ...versions.map((one) => join(POSTGRES, one, 'bin'))].join(
	delimiter,
);

const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 5000;

/** What ends servers and removes their data, to be called in reverse order. */
type Stops = Array<() => Promise<void>>;

/**
 * Starts PostgreSQL and Redis of this run alone on loopback, and returns the settings of all processes
 * of an n8n in queue mode with these two.
 *
 * @param stops gets what ends them
 */
export async function startStores(stops: Stops): Promise<Record<string, string | undefined>> {
	const folder = await mkdtemp(join(tmpdir(), 'queue-'));
	stops.push(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	const secret = randomBytes(16).toString('hex');
	const [postgresPort, redisPort] = [String(await freePort()), String(await freePort())];
	await startPostgres(folder, { port: postgresPort, secret, stops });
	const flags = ['--port', redisPort, '--bind', '127.0.0.1', '--save', '', '--requirepass', secret];
	await startServer(['--pdeathsig', 'TERM', 'redis-server', ...flags], folder, stops);
	return {
		EXECUTIONS_MODE: 'queue',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: postgresPort,
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_PASSWORD: secret,
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: redisPort,
		QUEUE_BULL_REDIS_PASSWORD: secret,
		N8N_ENCRYPTION_KEY: secret,
		// What a test of ours would otherwise set; here n8n's own defaults are wanted.
		N8N_DEFAULT_BINARY_DATA_MODE: undefined,
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: undefined,
	};
}

async function startPostgres(
	folder: string,
	{ port, secret, stops }: { port: string; secret: string; stops: Stops },
): Promise<void> {
	const run = promisify(execFile);
	const home = join(folder, 'postgres');
	const data = join(home, 'data');
	const passwordFile = join(home, 'password');
	await mkdir(home);
	await writeFile(passwordFile, secret);
	// PostgreSQL refuses to run as root.
	const isRoot = process.getuid?.() === 0;
	if (isRoot) await run('chown', ['-R', 'postgres:', folder]);
	const user = isRoot ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
	const init = ['initdb', '-D', data, '-U', 'n8n', `--pwfile=${passwordFile}`, '--no-sync'];
	const options = { cwd: home, env: { ...process.env, PATH } };
	await run('setpriv', [...user, ...init, '--auth=scram-sha-256'], options);
	const settings = {
		listen_addresses: '127.0.0.1',
		port,
		// No socket in a shared folder, and no care for a power cut: the data live as long as the test.
		unix_socket_directories: '',
		fsync: 'off',
		lc_messages: 'C',
	};
	const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	await startServer([...user, '--pdeathsig', 'INT', 'postgres', '-D', data, ...flags], home, stops);
}

/** Starts a server by `setpriv`, which ends it when this process has died; returns when it is ready. */
async function startServer(words: string[], cwd: string, stops: Stops): Promise<void> {
	const env = { ...process.env, PATH };
	const child = spawnGroup('setpriv', words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
	stops.push(async () => await stopGroup(child, STOP_GRACE_MS));
	let printed = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.on('data', (chunk) => (printed += chunk));
	child.once('error', (error) => (printed += error.message));
	await until(
		() => `setpriv ${words.join(' ')} (.ci/programs installs what it takes):\n${printed}`,
		() => /ready to accept connections/i.test(printed),
		START_TIMEOUT_MS,
	);
}
