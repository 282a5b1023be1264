import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A build that fails must not replace the one before. */

const repository = join(__dirname, '..', '..');

let folder: string;
const inFolder = (path: string) => join(folder, path);

beforeEach(() => {
	folder = fs.mkdtempSync(join(tmpdir(), 'build-'));
	for (const path of ['nodes', 'dist', 'node_modules/typescript/bin']) {
		fs.mkdirSync(inFolder(path), { recursive: true });
	}
	fs.cpSync(join(repository, 'gulpfile.js'), inFolder('gulpfile.js'));
	fs.writeFileSync(inFolder('nodes/icon.svg'), '<svg />');
	fs.writeFileSync(inFolder('dist/before.js'), '');
	fs.symlinkSync(join(repository, 'node_modules/gulp'), inFolder('node_modules/gulp'), 'junction');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test.each([
	['succeeds: dist/ is replaced', '', true],
	['fails: dist/ stays as it was', 'process.exitCode = 2', false],
	['is killed: dist/ stays as it was', "process.kill(process.pid, 'SIGKILL')", false],
])('a compiler that %s', (_what, compiler, isReplaced) => {
	fs.writeFileSync(inFolder('node_modules/typescript/bin/tsc'), compiler);
	const gulp = join(repository, 'node_modules/gulp/bin/gulp.js');
	const args = [gulp, '--silent', '--gulpfile', inFolder('gulpfile.js')];
	expect(spawnSync(process.execPath, args).status).toBe(isReplaced ? 0 : 1);
	expect(fs.existsSync(inFolder('dist/nodes/icon.svg'))).toBe(isReplaced);
	expect(fs.existsSync(inFolder('dist/before.js'))).toBe(!isReplaced);
});
