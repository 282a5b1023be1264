/**
 * The scanner with which n8n reviews community packages, offline, on the source and on what
 * `npm pack` ships, which is built first. Its own verdict counts errors alone, so warnings are asked for
 * as well.
 *
 * node test/package/scan.mjs [folder of an unpacked tarball]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

const NODE = 'nodes/GptImage1/GptImage1.node';

/**
 * @param node the file of the node, without which nothing was scanned that matters
 * @returns how many errors and warnings there are; each is printed
 */
async function scan(name, folder, patterns, node) {
	const verdict = await analyzePackage(folder, patterns);
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const results = await eslint.lintFiles(patterns);
	const findings = results.reduce(
		(sum, { errorCount, warningCount }) => sum + errorCount + warningCount,
		0,
	);
	if (findings > 0) console.log((await eslint.loadFormatter('stylish')).format(results));
	console.log(
		`${name}: ${results.length} files, ${findings} errors and warnings, scanner ${verdict.passed ? 'passed' : `failed: ${verdict.message}`}`,
	);
	const hasNode = results.some(({ filePath }) => filePath === join(folder, node));
	if (!hasNode) console.error(`${name}: there is no ${node}`);
	return verdict.passed && hasNode ? findings : findings + 1;
}

/** Builds and packs the repository as `npm publish` would, and unpacks it. */
function unpackedTarball(into) {
	const gulp = join(repository, 'node_modules/gulp/bin/gulp.js');
	execFileSync(process.execPath, [gulp, '--silent'], { cwd: repository, stdio: 'inherit' });
	const packed = execFileSync(
		'npm',
		['pack', '--json', '--ignore-scripts', '--pack-destination', into],
		{
			cwd: repository,
			stdio: ['ignore', 'pipe', 'ignore'],
			encoding: 'utf8',
			shell: process.platform === 'win32',
		},
	);
	const { filename } = Object.values(JSON.parse(packed))[0];
	execFileSync('tar', ['-xzf', join(into, filename), '-C', into]);
	return join(into, 'package');
}

const temporary = mkdtempSync(join(tmpdir(), 'scan-'));
try {
	const tarball = process.argv[2] ?? unpackedTarball(temporary);
	const findings =
		(await scan('Source', repository, SOURCE_FILE_PATTERNS, `${NODE}.ts`)) +
		(await scan('Tarball', tarball, ['**/*.js', 'package.json'], `dist/${NODE}.js`));
	process.exitCode = findings === 0 ? 0 : 1;
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
