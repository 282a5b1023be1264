/**
 * Runs every check, also after one has failed, and ends with a line that counts what ran: the tests
 * that Jest and the end-to-end runs counted themselves, and one for each other check.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const reports = mkdtempSync(join(tmpdir(), 'ci-'));
const total = { passed: 0, failed: 0 };
const summary = [];

/** @returns exit code and everything printed; it is shown while it comes, if `live` */
async function run(command, args, live) {
	const child = spawn(command, args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, CI: 'true' },
	});
	let printed = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8');
		stream.on('data', (text) => {
			printed += text;
			if (live) process.stdout.write(text);
		});
	}
	const code = await new Promise((done) => child.once('close', (status) => done(status ?? 1)));
	return { code, printed };
}

/**
 * @param count what a step that counts for itself counted; by default a step is one check
 * @param live whether what it prints is shown while it comes, or all of it at the end
 */
async function step(name, command, args, { count, live = true } = {}) {
	const title = `\n=== ${name}: ${command} ${args.join(' ')}`;
	if (live) console.log(title);
	const started = Date.now();
	const { code, printed } = await run(command, args, live);
	if (!live) console.log(`${title}\n${printed}`);
	let { passed, failed } = count?.(printed) ?? { passed: code === 0 ? 1 : 0, failed: 0 };
	// A step whose exit code is not 0 has failed, whatever it counted.
	if (code !== 0 && failed === 0) failed = 1;
	total.passed += passed;
	total.failed += failed;
	const seconds = Math.round((Date.now() - started) / 1000);
	summary.push(
		`${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed, ${seconds} s`,
	);
	return failed === 0;
}

/** What Jest's own report says; a file that could not be loaded counts as one failure. */
const jestCount = (file) => () => {
	const report = JSON.parse(readFileSync(file, 'utf8'));
	const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
	return { passed: report.numPassedTests, failed };
};

/** The last line of the form "N passed, N failed". */
const printedCount = (printed) => {
	const counts = [...printed.matchAll(/^(\d+) passed, (\d+) failed/gm)].pop();
	return counts && { passed: Number(counts[1]), failed: Number(counts[2]) };
};

const jest = (name) => {
	const file = join(reports, `${name}.json`);
	return { file, args: ['--json', `--outputFile=${file}`] };
};

const installed = await step('Install', 'npm', [
	'ci',
	'--no-audit',
	'--no-fund',
	'--loglevel=error',
]);
if (installed) {
	await step('Build', 'npm', ['run', 'build', '--silent']);
	await step('Lint', 'npm', ['run', 'lint', '--silent']);
	await step('Types', 'npm', ['run', 'typecheck', '--silent']);
	await step('Scanner on source and tarball', 'npm', ['run', 'scan', '--silent']);

	const tests = jest('tests');
	await step('Tests', 'npm', ['test', '--silent', '--', '--coverage', ...tests.args], {
		count: jestCount(tests.file),
	});
	const older = jest('engines');
	await step(
		'Engine of n8n 1.123',
		'npm',
		['run', 'engines', '--silent', '--', '1.122', ...older.args],
		{
			count: jestCount(older.file),
		},
	);
	await step('Simulation', 'npm', ['run', 'simulate', '--silent', '--', '--seeds', '2000']);
	await step('Programs for the end-to-end tests', 'bash', ['.ci/programs']);
	const e2e = async (name, args, live) =>
		await step(name, 'npm', ['run', '--silent', ...args], { count: printedCount, live });
	const killed = async () => {
		await e2e('End to end in queue mode', ['e2e:queue'], false);
		await e2e('n8n killed in each phase', ['e2e:durable', '--', 'regular'], false);
	};
	// They wait more than they compute: side by side they take little longer than the longer of them.
	await Promise.all([e2e('End to end in a running n8n', ['e2e'], true), killed()]);
}

rmSync(reports, { recursive: true, force: true });
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && installed ? 0 : 1;
