import type { SignIn } from '../n8n/client';

/** What the set-up tells the tests, which Jest runs in contexts of their own. */
export interface Session {
	url: string;
	signIn: SignIn;
	/** That of a client that has signed in. */
	cookie: string;
	/** The one folder on disk that nodes may read and write. */
	files: string;
}

const VARIABLE = 'E2E_SESSION';

let stop: (() => Promise<void>) | undefined;

export function begin(session: Session, stopIt: () => Promise<void>): void {
	process.env[VARIABLE] = JSON.stringify(session);
	stop = stopIt;
}

export function session(): Session {
	const given = process.env[VARIABLE];
	if (!given) throw new Error('There is no n8n: run these tests with `npm run e2e`.');
	return JSON.parse(given) as Session;
}

/** Ends the n8n of this run. */
export const end = async () => await stop?.();
