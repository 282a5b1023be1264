/**
 * The scanner with which n8n reviews community packages, offline, on the source and on what
 * `npm pack` ships, which is built first. Its own verdict counts errors alone, so warnings are asked for
 * as well.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	analyzePackage,
	buildScanConfig,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint } from 'eslint';
import { build, repository, run } from '../command.mjs';

async function scan(name, folder, patterns) {
	const verdict = await analyzePackage(folder, patterns);
	const overrideConfig = await buildScanConfig();
	const options = { cwd: folder, allowInlineConfig: false, overrideConfigFile: true };
	const eslint = new ESLint({ ...options, overrideConfig });
	const results = await eslint.lintFiles(patterns);
	const findings = results.flatMap(({ messages }) => messages).length;
	if (findings > 0) console.log((await eslint.loadFormatter('stylish')).format(results));
	const outcome = verdict.passed ? 'passed' : `failed: ${verdict.message}`;
	console.log(`${name}: ${results.length} files, ${findings} findings, scanner ${outcome}`);
	if (findings > 0 || !verdict.passed) process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), 'scan-'));
try {
	const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
	if (!build() || !run('npm', pack)) throw new Error('The package could not be packed');
	run('tar', ['-xzf', ...readdirSync(folder)], { cwd: folder });
	await scan('Source', repository, SOURCE_FILE_PATTERNS);
	await scan('Tarball', join(folder, 'package'), ['**/*.js', 'package.json']);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
