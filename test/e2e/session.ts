/** What the set-up tells the tests, which Jest runs in contexts of their own; the cookie signs in. */
export type Session = { url: string; cookie: string };

export function session(): Session {
	const given = process.env.E2E_SESSION;
	if (!given) throw new Error('There is no n8n: run these tests with `npm run e2e`.');
	return JSON.parse(given) as Session;
}
