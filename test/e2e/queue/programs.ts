import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What has to be on the machine, as full paths. */
export interface Programs {
	initdb: string;
	postgres: string;
	redis: string;
	/** Starts a program as another user, and ends it when this process has died. */
	setpriv: string;
	/** The user that PostgreSQL is to run as; absent where this process is not root. */
	owner?: { uid: number; gid: number };
}

/** Where Debian keeps PostgreSQL's own programs, outside the path. */
const POSTGRES = '/usr/lib/postgresql';

const HOW_TO_GET = `On Debian and Ubuntu:

  apt-get update && apt-get install --no-install-recommends redis-server postgresql

Neither has to be running: the test starts its own, on ports and in folders of its own.`;

/** @throws Error that names everything that is missing, and how to get it */
export function findPrograms(): Programs {
	const programs = {
		initdb: find('initdb'),
		postgres: find('postgres'),
		redis: find('redis-server'),
		setpriv: find('setpriv'),
	};
	const missing = Object.entries({ ...programs, redis: undefined, 'redis-server': programs.redis })
		.filter(([name, path]) => !path && name !== 'redis')
		.map(([name]) => name);
	const isRoot = process.getuid?.() === 0;
	const owner = isRoot ? unprivilegedUser() : undefined;
	// PostgreSQL refuses to run as root.
	if (isRoot && !owner) missing.push('the user "postgres"');
	if (missing.length > 0) throw new Error(`Missing: ${missing.join(', ')}.\n${HOW_TO_GET}`);
	return { ...(programs as Required<Programs>), owner };
}

function find(name: string): string | undefined {
	const versions = existsSync(POSTGRES)
		? readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a))
		: [];
	const folders = [
		...(process.env.PATH ?? '').split(delimiter),
		...versions.map((version) => join(POSTGRES, version, 'bin')),
	];
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function unprivilegedUser(): Programs['owner'] {
	const id = (flag: string) =>
		Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
	try {
		return { uid: id('-u'), gid: id('-g') };
	} catch {
		return undefined;
	}
}
