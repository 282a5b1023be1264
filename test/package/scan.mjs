/**
 * The scanner with which n8n reviews community packages, offline, on the source and on what
 * `npm pack` ships, which is built first. Its own verdict counts errors alone, so warnings are asked for
 * as well.
 *
 * node test/package/scan.mjs [folder of an unpacked tarball]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	analyzePackage,
	buildScanConfig,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint } from 'eslint';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @returns how many errors and warnings there are; each is printed */
async function scan(name, folder, patterns) {
	const verdict = await analyzePackage(folder, patterns);
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const results = await eslint.lintFiles(patterns);
	const findings = results.flatMap(({ messages }) => messages).length;
	if (findings > 0) console.log((await eslint.loadFormatter('stylish')).format(results));
	console.log(
		`${name}: ${results.length} files, ${findings} errors and warnings, scanner ${verdict.passed ? 'passed' : `failed: ${verdict.message}`}`,
	);
	return verdict.passed ? findings : findings + 1;
}

/** Builds and packs the repository as `npm publish` would, and unpacks it. */
function unpackedTarball(into) {
	const gulp = join(repository, 'node_modules/gulp/bin/gulp.js');
	execFileSync(process.execPath, [gulp, '--silent'], { cwd: repository, stdio: 'inherit' });
	execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', into], {
		cwd: repository,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	const [tarball] = readdirSync(into);
	execFileSync('tar', ['-xzf', join(into, tarball), '-C', into]);
	return join(into, 'package');
}

const temporary = mkdtempSync(join(tmpdir(), 'scan-'));
try {
	const tarball = process.argv[2] ?? unpackedTarball(temporary);
	const findings =
		(await scan('Source', repository, SOURCE_FILE_PATTERNS)) +
		(await scan('Tarball', tarball, ['**/*.js', 'package.json']));
	process.exitCode = findings === 0 ? 0 : 1;
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
