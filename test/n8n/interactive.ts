import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSignIn } from './client';
import type { SignIn } from './client';
import type { Say } from './command';
import { exampleWorkflow, startDemo } from './demo';
import type { Demo } from './demo';
import { cacheFolder } from './install';
import { tryLock } from './lock';
import { freePort } from './port';

const USUAL_PORT = 5678;

/** n8n for a person with a browser, until the signal ends it. */
export async function interactive(
	{ fresh }: { fresh: boolean },
	{ say, signal }: { say: Say; signal: AbortSignal },
): Promise<void> {
	const kept = join(cacheFolder(), 'n8n-data');
	await mkdir(kept, { recursive: true });
	const release = await tryLock(`${kept}.lock`);
	try {
		if (!release)
			say('Another npm run n8n is already running. This one uses a temporary data folder.');
		if (release && fresh) await rm(kept, { recursive: true, force: true });
		const data = release && { userFolder: kept, signIn: await keptSignIn(kept) };
		const demo = await startDemo(exampleWorkflow('first-image'), {
			...data,
			port: await freePort(USUAL_PORT),
			say,
			signal,
		});
		try {
			say(instructions(demo, data?.userFolder));
			const { ended, log } = demo.n8n;
			if (!signal.aborted) await Promise.race([once(signal, 'abort'), ended]);
			if (!signal.aborted) throw new Error(`n8n exited unexpectedly. Output:\n${log()}`);
		} finally {
			await demo.stop();
		}
	} finally {
		release?.();
	}
}

/** The sign-in of the kept data. Each user's is their own: n8n holds the service's key. */
async function keptSignIn(userFolder: string): Promise<SignIn> {
	const file = join(userFolder, 'sign-in.json');
	try {
		return JSON.parse(await readFile(file, 'utf8')) as SignIn;
	} catch {
		const signIn = newSignIn();
		await mkdir(userFolder, { recursive: true });
		await writeFile(file, JSON.stringify(signIn), { mode: 0o600 });
		return signIn;
	}
}

function instructions({ n8n, service, workflow }: Demo, kept: string | undefined): string {
	const images = service.emulated
		? `Images come from the ${service.source}.
To use the real service, set SEAART_API_KEY; images are then charged.`
		: `Images come from ${service.source}.`;
	const data = kept
		? `n8n's data is kept in ${kept}.
To start with a clean n8n database: npm run n8n -- --fresh`
		: `n8n's data is deleted on exit.`;
	return `
n8n is ready at ${n8n.url}

  E-mail    ${n8n.signIn.email}
  Password  ${n8n.signIn.password}

  1. Sign in, then open "${workflow.name}": ${n8n.url}/workflow/${workflow.id}
  2. Click "Execute workflow".
  3. Double-click "SeaArt GPT Image 1": its output shows the image under "Binary".

${images}
${data}
Press Ctrl+C to stop.
`;
}
