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

/** PostgreSQL and Redis of this run alone, and how n8n is told of them. */
export interface Stores {
	/** n8n's settings for queue mode with these two. */
	settings: Record<string, string>;
	stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 5000;

/** Starts both on loopback; their data are thrown away by `stop`. */
export async function startStores(): Promise<Stores> {
	const programs = findPrograms();
	const folder = await mkdtemp(join(tmpdir(), 'queue-'));
	const stops: Array<() => Promise<void>> = [];
	const stop = async () => {
		await Promise.all(stops.splice(0).map(async (end) => await end()));
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const secret = randomBytes(16).toString('hex');
		const place = { programs, folder, secret, stops };
		const [postgresPort, redisPort] = await Promise.all([startPostgres(place), startRedis(place)]);
		return {
			settings: {
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
			},
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

interface Place {
	programs: Programs;
	folder: string;
	secret: string;
	stops: Array<() => Promise<void>>;
}

async function startPostgres({ programs, folder, secret, stops }: Place): Promise<number> {
	const { owner, initdb, postgres } = programs;
	const home = join(folder, 'postgres');
	const data = join(home, 'data');
	const passwordFile = join(home, 'password');
	await mkdir(home);
	await writeFile(passwordFile, secret);
	if (owner) {
		await chown(folder, owner.uid, owner.gid);
		await chown(home, owner.uid, owner.gid);
		await chown(passwordFile, owner.uid, owner.gid);
	}
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
	await startServer({
		name: 'PostgreSQL',
		words: [...unprivileged(programs), postgres, '-D', data, '-p', String(port), ...flags],
		cwd: home,
		port,
		stops,
	});
	return port;
}

async function startRedis({ programs, folder, secret, stops }: Place): Promise<number> {
	const port = await freePort();
	const cwd = join(folder, 'redis');
	await mkdir(cwd);
	const flags = ['--bind', '127.0.0.1', '--save', '', '--requirepass', secret];
	const dieToo = [programs.setpriv, '--pdeathsig', 'TERM'];
	const words = [...dieToo, programs.redis, '--port', String(port), ...flags];
	await startServer({ name: 'Redis', words, cwd, port, stops });
	return port;
}

/** Where this process is root: as another user. In any case not longer than this process. */
function unprivileged({ setpriv, owner }: Programs): string[] {
	const identity = owner ? [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'] : [];
	return [setpriv, ...identity, '--pdeathsig', 'INT'];
}

/** Starts a server and returns when it takes connections. */
async function startServer({
	name,
	words: [command = '', ...args],
	cwd,
	port,
	stops,
}: {
	name: string;
	words: string[];
	cwd: string;
	port: number;
	stops: Place['stops'];
}): Promise<void> {
	const child = spawnGroup(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
	let printed = '';
	child.stdout?.on('data', (chunk) => (printed += chunk));
	child.stderr?.on('data', (chunk) => (printed += chunk));
	let ended = false;
	child.once('close', () => (ended = true));
	child.once('error', () => (ended = true));
	stops.push(async () => await stopGroup(child, STOP_GRACE_MS));
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
