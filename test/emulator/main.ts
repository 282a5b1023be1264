import { startEmulator } from './http';
import { SCENARIOS } from './scenarios';

const DEFAULT_PORT = 4810;

/** The service by hand: tasks take a few seconds, and the pictures are worth looking at. */
async function main(): Promise<void> {
	const port = Number(process.env.EMULATOR_PORT ?? DEFAULT_PORT);
	const emulator = await startEmulator({
		port,
		imagesPort: port + 1,
		pictures: 'real',
		progress: { byTime: () => 3000 + 3000 * Math.random() },
		onAnswer: ({ port: on, method, path, status, requestId, carriesKey }) => {
			const time = new Date().toISOString().slice(11, 23);
			const made = method === 'POST' && requestId ? ` -> ${requestId}` : '';
			const leak = on === 'images' && carriesKey ? '  THE KEY WAS SENT TO THE IMAGE SERVER' : '';
			console.log(`${time} ${on.padEnd(6)} ${status || 'none'} ${method} ${path}${made}${leak}`);
		},
	});
	console.log(greeting(emulator.baseUrl, emulator.imagesOrigin, emulator.key));

	const stop = () => void emulator.stop().then(() => process.exit(0));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
	// A signal to npm ends the shell that npm has started, and does not reach this process.
	const parent = process.ppid;
	setInterval(() => process.ppid !== parent && stop(), 500).unref();
}

function greeting(baseUrl: string, imagesOrigin: string, key: string): string {
	const width = Math.max(...Object.keys(SCENARIOS).map((name) => name.length));
	const list = Object.entries(SCENARIOS).map(([name, { what }]) => {
		return `  ${`[${name}]`.padEnd(width + 2)}  ${what}`;
	});
	return `
SeaArt Cloud emulator. It generates sample images; nothing is charged.

  Base URL  ${baseUrl}
  API key   ${key}
  Images    ${imagesOrigin}

In n8n, create a "SeaArt API" credential with this base URL and key, then run the node. A task takes
three to six seconds.

To see how something goes wrong, write its name in square brackets anywhere in the prompt, for
example: a cat [failsWithContentBlocked]

${list.join('\n')}

Every request is listed below. Stop with Ctrl+C.
`;
}

main().catch((error: Error) => {
	console.error(`The emulator could not start: ${error.message}`);
	process.exit(1);
});
