import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import manifest from '../../../package.json';
import { pack } from '../../n8n/packed';
import { serve } from '../loopback';

/**
 * A registry on loopback that holds this package alone, as `npm publish` would send it, and a
 * command `npm` that asks it. n8n always names the public registry to npm (another one needs a
 * licence), so that command puts this one in its place and leaves the rest to npm itself.
 *
 * @returns `path` for the environment of an n8n: there it finds that command
 */
export async function startRegistry(): Promise<{ path: string; stop(): Promise<void> }> {
	const { tarball, remove } = await pack();
	const bytes = await readFile(tarball);
	const { name, version } = manifest;
	const file = `/${name}/-/${basename(tarball)}`;
	const { url: registry, stop } = await serve(({ url, headers: { host } }, response) => {
		if (url === file) return response.end(bytes);
		if (url !== `/${name}`) return response.writeHead(404).end('{}');
		const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
		const dist = { tarball: `http://${host}${file}`, integrity };
		const versions = { [version]: { ...manifest, dist } };
		const packument = { name, 'dist-tags': { latest: version }, versions };
		return response.setHeader('content-type', 'application/json').end(JSON.stringify(packument));
	});
	const commands = await mkdtemp(join(tmpdir(), 'npm-'));
	await writeFile(join(commands, 'npm'), commandFor(registry), { mode: 0o755 });
	return {
		path: `${commands}${delimiter}${process.env.PATH}`,
		async stop() {
			await stop();
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
