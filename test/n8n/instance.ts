import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, newSignIn, type SignIn } from './client';
import type { Say } from './command';
import { installN8n, type N8nVersion } from './install';
import { launch, type Launched, type N8nCommand } from './launch';
import { installOurs, installPacked } from './packed';

export interface ProcessOptions {
	/** Which n8n; the newest when not given. */
	version?: N8nVersion;
	/** Kept when given; otherwise a temporary one, removed by `stop()`. */
	userFolder?: string;
	/** Any free one when not given. */
	port?: number;
	/** Overrides of n8n's settings; `undefined` removes one. */
	env?: Record<string, string | undefined>;
	/** A tarball to install in place of this repository's package, or false for none. */
	tarball?: string | false;
	/** Gets what is being done, line by line. */
	say?: Say;
	/** Ends the start, half-started processes included. */
	signal?: AbortSignal;
}

export interface N8nProcess extends Launched {
	userFolder: string;
}

export interface N8n extends N8nProcess {
	/** Signed in as the owner. */
	client: Client;
	signIn: SignIn;
}

/** A whole n8n with this package installed, the owner's account made, and a client signed in. */
export async function startN8n({
	signIn = newSignIn(),
	...options
}: ProcessOptions & { signIn?: SignIn } = {}): Promise<N8n> {
	const n8n = await startN8nProcess('start', options);
	try {
		const client = new Client(n8n.url);
		await client.signIn(signIn).catch(async () => await client.setUpOwner(signIn));
		return { ...n8n, client, signIn };
	} catch (error) {
		await n8n.stop();
		throw error;
	}
}

/**
 * One process of n8n with this package installed, but without an account: for queue mode, where
 * workers stand beside the main process. Give each its own user folder, and all of
 * them one N8N_ENCRYPTION_KEY.
 */
export async function startN8nProcess(
	command: N8nCommand,
	{ version, userFolder: kept, port, env = {}, tarball, say, signal }: ProcessOptions = {},
): Promise<N8nProcess> {
	const quietly = { say, signal };
	const installed = await installN8n({ version, ...quietly });
	const userFolder = kept ?? (await mkdtemp(join(tmpdir(), 'n8n-')));
	const removeTemporary = async () => {
		if (!kept) await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		await mkdir(userFolder, { recursive: true });
		if (typeof tarball === 'string') await installPacked(userFolder, tarball, quietly);
		else if (tarball !== false) await installOurs(userFolder, quietly);
		const launched = await launch({ ...installed, command, userFolder, port, env, ...quietly });
		const stop = async () => {
			await launched.stop();
			await removeTemporary();
		};
		return { ...launched, userFolder, stop };
	} catch (error) {
		await removeTemporary();
		throw error;
	}
}
