import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../n8n/command';
import { freePort } from '../../n8n/port';
import { spawnGroup, stopGroup } from '../../n8n/processGroup';
import { findPrograms } from './programs';
import type { Programs } from './programs';

const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 5000;

/** What ends servers and removes their data, to be called in reverse order. */
type Stops = Array<() => Promise<void>>;

interface Setup {
	programs: Programs;
	folder: string;
	secret: string;
	stops: Stops;
}

/**
 * Starts PostgreSQL and Redis of this run alone on loopback, and returns n8n's settings for queue mode
 * with these two.
 *
 * @param stops gets what ends them
 */
export async function startStores(stops: Stops): Promise<Record<string, string>> {
	const programs = findPrograms();
	const folder = await mkdtemp(join(tmpdir(), 'queue-'));
	stops.push(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	const secret = randomBytes(16).toString('hex');
	const setup = { programs, folder, secret, stops };
	const postgresPort = await startPostgres(setup);
	const redisPort = await startRedis(setup);
	return {
		EXECUTIONS_MODE: 'queue',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgresPort),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_PASSWORD: secret,
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		QUEUE_BULL_REDIS_PASSWORD: secret,
	};
}

async function startPostgres({ programs, folder, secret, stops }: Setup): Promise<number> {
	const { owner, initdb, postgres } = programs;
	const home = join(folder, 'postgres');
	const data = join(home, 'data');
	const passwordFile = join(home, 'password');
	await mkdir(home);
	await writeFile(passwordFile, secret);
	if (owner)
		for (const path of [folder, home, passwordFile]) await chown(path, owner.uid, owner.gid);
	const [command = '', ...asOwner] = unprivileged(programs);
	const init = [initdb, '-D', data, '-U', 'n8n', `--pwfile=${passwordFile}`];
	await runCommand(command, [...asOwner, ...init, '--auth=scram-sha-256', '--no-sync'], {
		doing: 'making a database',
		cwd: home,
	});
	const port = await freePort();
	// No socket in a shared folder, and no care for a power cut: the data live as long as the test.
	const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' };
	const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const words = [...unprivileged(programs), postgres, '-D', data, '-p', String(port), ...flags];
	await startServer('PostgreSQL', words, { cwd: home, port, stops });
	return port;
}

async function startRedis({ programs, folder, secret, stops }: Setup): Promise<number> {
	const port = await freePort();
	const cwd = join(folder, 'redis');
	await mkdir(cwd);
	const flags = ['--bind', '127.0.0.1', '--save', '', '--requirepass', secret];
	const dieToo = [programs.setpriv, '--pdeathsig', 'TERM'];
	const words = [...dieToo, programs.redis, '--port', String(port), ...flags];
	await startServer('Redis', words, { cwd, port, stops });
	return port;
}

/** Where this process is root: as another user. In any case not longer than this process. */
function unprivileged({ setpriv, owner }: Programs): string[] {
	const identity = owner ? [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'] : [];
	return [setpriv, ...identity, '--pdeathsig', 'INT'];
}

/** Starts a server and returns when it takes connections. */
async function startServer(
	name: string,
	[command = '', ...args]: string[],
	{ cwd, port, stops }: { cwd: string; port: number; stops: Stops },
): Promise<void> {
	const child = spawnGroup(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
	stops.push(async () => await stopGroup(child, STOP_GRACE_MS));
	let printed = '';
	child.stdout?.on('data', (chunk) => (printed += chunk));
	child.stderr?.on('data', (chunk) => (printed += chunk));
	let ended = false;
	child.once('close', () => (ended = true));
	child.once('error', () => (ended = true));
	for (const started = Date.now(); !(await takesConnections(port)); await sleep(100)) {
		if (ended || Date.now() - started > START_TIMEOUT_MS)
			throw new Error(`${name} did not start. It said:\n${printed}`);
	}
}

async function takesConnections(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
