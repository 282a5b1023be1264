import { rm } from 'node:fs/promises';
import { end, session } from './session';

export default async function tearDown(): Promise<void> {
	const { files } = session();
	if (await end()) await rm(files, { recursive: true, force: true });
}
