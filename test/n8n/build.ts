import { resolve } from 'node:path';
import { isStale } from '../build';
import { npm, type Quietly } from './command';

/** Builds the package, unless `dist/` is newer than all that it is built from. */
export async function build(quietly: Quietly): Promise<void> {
	if (!isStale()) return;
	await npm(['run', 'build', '--silent'], {
		...quietly,
		doing: 'Building the package',
		cwd: resolve(__dirname, '..', '..'),
	});
}
