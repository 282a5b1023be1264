const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = async () => await rm('dist', { recursive: true, force: true });

/** Compiles nodes/ and credentials/ into dist/ with the TypeScript of this package. */
const compile = (done) =>
	execFile(process.execPath, [require.resolve('typescript/bin/tsc')], (error, stdout) => {
		if (error) process.stderr.write(stdout);
		done(error);
	});

/** Icons and codex lie beside the compiled node; read as text, gulp 5 would spoil binary files. */
const copyAssets = () =>
	src(['nodes/**/*.{svg,png,json}', 'credentials/**/*.{svg,png}'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));

exports.clean = clean;
exports.default = series(clean, parallel(compile, copyAssets));
