const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { rmSync } = require('node:fs');
const { rename, rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

/** Built here and moved at the end, so that dist/ is whole at any time for those who load it. */
const built = `dist.${process.pid}`;

process.once('exit', () => rmSync(built, { recursive: true, force: true }));

const clean = async () => await rm('dist', { recursive: true, force: true });

/**
 * Compiles nodes/ and credentials/ with the TypeScript of this package. gulp itself would take a
 * compiler that was killed by a signal for one that has succeeded.
 */
const compile = async () => {
	const tsc = [require.resolve('typescript/bin/tsc'), '--outDir', built];
	const [code, signal] = await once(spawn(process.execPath, tsc, { stdio: 'inherit' }), 'exit');
	if (code !== 0) throw new Error(`tsc ended with ${signal ?? `exit code ${code}`}`);
};

/** Icons and codex lie beside the compiled node; read as text, gulp 5 would spoil binary files. */
const copyAssets = () =>
	src(['nodes/**/*.{svg,png,json}', 'credentials/**/*.{svg,png}'], {
		base: '.',
		encoding: false,
	}).pipe(dest(built));

const putInPlace = async () => {
	await clean();
	await rename(built, 'dist');
};

exports.clean = clean;
exports.default = series(parallel(compile, copyAssets), putInPlace);
