import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A build that fails must not replace the one before. */

const repository = join(__dirname, '..', '..');

let folder: string;
const inFolder = (path: string) => join(folder, path);

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'build-'));
	for (const path of ['nodes', 'dist', 'node_modules/typescript/bin']) {
		mkdirSync(inFolder(path), { recursive: true });
	}
	cpSync(join(repository, 'gulpfile.js'), inFolder('gulpfile.js'));
	writeFileSync(inFolder('nodes/icon.svg'), '<svg />');
	writeFileSync(inFolder('dist/before.js'), '');
	symlinkSync(join(repository, 'node_modules/gulp'), inFolder('node_modules/gulp'), 'junction');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Builds with a compiler that does nothing but this. */
function build(compiler: string) {
	writeFileSync(inFolder('node_modules/typescript/bin/tsc'), compiler);
	const gulp = join(repository, 'node_modules/gulp/bin/gulp.js');
	const args = [gulp, '--silent', '--gulpfile', inFolder('gulpfile.js')];
	const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	return { status, stderr };
}

test('a compiler that succeeds: dist/ is replaced', () => {
	expect(build('')).toMatchObject({ status: 0 });
	expect(existsSync(inFolder('dist/nodes/icon.svg'))).toBe(true);
	expect(existsSync(inFolder('dist/before.js'))).toBe(false);
});

test.each([
	['fails', 'process.exitCode = 2'],
	['is killed by a signal', "process.kill(process.pid, 'SIGKILL')"],
])('a compiler that %s: the build fails, and dist/ stays as it was', (_what, compiler) => {
	expect(build(compiler)).toMatchObject({ status: 1 });
	expect(existsSync(inFolder('dist/before.js'))).toBe(true);
	expect(existsSync(inFolder('dist/nodes'))).toBe(false);
});
