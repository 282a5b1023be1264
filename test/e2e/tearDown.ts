import { rm } from 'node:fs/promises';
import { end, session } from './session';

export default async function tearDown(): Promise<void> {
	await end();
	await rm(session().files, { recursive: true, force: true });
}
