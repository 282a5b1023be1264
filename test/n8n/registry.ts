import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { manifestOf, pack } from './packed';

export interface Registry {
	/** For the environment of an n8n: its `npm` then finds this package where it looks for packages. */
	path: string;
	stop(): Promise<void>;
}

/**
 * A registry on loopback that holds this package alone, as `npm publish` would send it, and a
 * command `npm` that asks it. n8n always names the public registry to npm (another one needs a
 * licence), so that command puts this one in its place and leaves the rest to npm itself.
 */
export async function startRegistry(): Promise<Registry> {
	const { tarball, remove } = await pack();
	const bytes = await readFile(tarball);
	const { name, version, ...manifest } = await manifestOf(tarball);
	const server = createServer(({ url, headers: { host } }, response) => {
		if (url === `/${name}/-/${basename(tarball)}`) return response.end(bytes);
		const dist = {
			tarball: `http://${host}/${name}/-/${basename(tarball)}`,
			integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
		};
		const packument = {
			name,
			'dist-tags': { latest: version },
			versions: { [version]: { ...manifest, name, version, dist } },
		};
		if (url !== `/${name}`) return response.writeHead(404).end('{}');
		return response.setHeader('content-type', 'application/json').end(JSON.stringify(packument));
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const { port } = server.address() as AddressInfo;
	const commands = await mkdtemp(join(tmpdir(), 'npm-'));
	const command = join(commands, 'npm');
	await writeFile(command, commandFor(`http://127.0.0.1:${port}`));
	await chmod(command, 0o755);
	return {
		path: `${commands}${delimiter}${process.env.PATH}`,
		async stop() {
			await new Promise((closed) => {
				server.close(closed);
				server.closeAllConnections();
			});
			await Promise.all([rm(commands, { recursive: true, force: true }), remove()]);
		},
	};
}

const commandFor = (registry: string) => `#!/bin/sh
for word do
	shift
	case $word in --registry=*) word=--registry=${registry} ;; esac
	set -- "$@" "$word"
done
PATH=\${PATH#*:} exec npm "$@"
`;
