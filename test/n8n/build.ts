import { resolve } from 'node:path';
import { isStale } from '../build';
import { npm, type Say } from './command';

/** Builds the package, unless `dist/` is newer than all that it is built from. */
export async function build(quietly: { say: Say; signal?: AbortSignal }): Promise<void> {
	if (!isStale()) return;
	await npm(['run', 'build', '--silent'], {
		...quietly,
		doing: 'building the package',
		cwd: resolve(__dirname, '..', '..'),
	});
}
