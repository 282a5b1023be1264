/** What every command here needs first: a Node.js that is new enough, and the packages of the lock file. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const HEARTBEAT_MS = 15_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const repository = join(dirname(fileURLToPath(import.meta.url)), '..');

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
	const { node } = process.versions;
	console.error(`Node.js ${OLDEST_NODE} or later is required (found ${node}).`);
	process.exit(1);
}

/** Installs the development dependencies unless they are all there. Where that fails, the process ends. */
export async function installDependencies() {
	if (areInstalled()) return;
	console.error('Installing the dependencies (usually about a minute) …');
	const started = Date.now();
	const heartbeat = setInterval(() => {
		const seconds = Math.round((Date.now() - started) / 1000);
		console.error(`  … still installing the dependencies (${seconds} s)`);
	}, HEARTBEAT_MS);
	// No package here needs its script, and n8n-core's isolated-vm does not compile on Node 20.
	const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
	const offline = await isOffline();
	// Without a network npm would take minutes to say so; what an earlier installation has cached may do.
	const { code, output } = await npm(...args, ...(offline ? ['--offline'] : []));
	clearInterval(heartbeat);
	if (code === 0) return;
	console.error(
		offline
			? 'Could not install the dependencies: no connection to the npm registry.'
			: `Could not install the dependencies: npm ci failed. Output:\n${output.trimEnd()}`,
	);
	process.exit(1);
}

async function isOffline() {
	const { output } = await npm('ping', '--fetch-retries=0', '--fetch-timeout=10000');
	return /^npm error code (ENOTFOUND|EAI_AGAIN|ECONN\w+|E\w*TIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/m.test(
		output,
	);
}

/** npm writes the hidden lock file at the end: without it there is no installation, or half of one. */
function areInstalled() {
	try {
		const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
			(name) => JSON.parse(readFileSync(join(repository, name), 'utf8')).packages,
		);
		return Object.entries(wanted).every(
			([path, { version, optional }]) =>
				path === '' || optional || installed[path]?.version === version,
		);
	} catch {
		return false;
	}
}

/** The npm that runs this process where there is one, else the one on the path. */
function npm(...args) {
	const running = process.env.npm_execpath;
	const options = { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] };
	const words = [...args, '--loglevel=error'];
	const child = running?.endsWith('npm-cli.js')
		? spawn(process.execPath, [running, ...words], options)
		: spawn('npm', words, { ...options, shell: true });
	const end = () => {
		child.kill();
		process.exit(130);
	};
	for (const signal of SIGNALS) process.on(signal, end);
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk) => {
			output += chunk;
		});
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => {
			for (const signal of SIGNALS) process.off(signal, end);
			resolve({ code, output });
		});
	});
}
