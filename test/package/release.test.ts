import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the publish workflow asks before it publishes. */

const run = promisify(execFile);
const repository = join(__dirname, '..', '..');
const script = join(repository, '.ci', 'release.mjs');

const PUBLISHED = 'someone/some-package';
const CHANGELOG = `# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n\n### Added\n\n- A thing.\n`;
const MANIFEST = {
	version: '1.2.3',
	homepage: `https://github.com/${PUBLISHED}#readme`,
	bugs: { url: `https://github.com/${PUBLISHED}/issues` },
	repository: { type: 'git', url: `git+https://github.com/${PUBLISHED}.git` },
	author: { name: 'Someone', email: 'someone@users.noreply.github.com' },
};

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'release-'));
	await run('git', ['init', '--quiet'], { cwd: folder });
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

interface Release {
	tag?: string;
	published?: string;
	manifest?: object;
	changelog?: string;
	placeholders?: Record<string, string>;
	readme?: string;
}

/** Runs the check on a release that is in order but for what is given here. */
async function check({
	tag = 'v1.2.3',
	published = PUBLISHED,
	manifest = {},
	changelog = CHANGELOG,
	placeholders = {},
	readme = '',
}: Release = {}) {
	await mkdir(join(folder, '.ci'));
	const files = {
		'package.json': JSON.stringify({ ...MANIFEST, ...manifest }, null, 2),
		'CHANGELOG.md': changelog,
		'README.md': readme,
		'.ci/placeholders.json': JSON.stringify({ '//': 'What this is', ...placeholders }),
	};
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
	await run('git', ['add', '.'], { cwd: folder });
	return await run(process.execPath, [script, tag, published], { cwd: folder }).then(
		({ stdout }) => ({ code: 0, said: stdout }),
		(error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
	);
}

test('a release in order is let through', async () => {
	expect(await check()).toEqual({ code: 0, said: 'v1.2.3 is ready to be published.\n' });
});

test.each<[string, Release, RegExp]>([
	['another tag', { tag: 'v1.2.4' }, /tag is v1\.2\.4, and package\.json has version 1\.2\.3/],
	['another repository', { published: 'a/fork' }, /repository\.url is .*published from a\/fork/],
	[
		'issues elsewhere',
		{ manifest: { bugs: { url: 'https://github.com/someone/else/issues' } } },
		/bugs\.url is/,
	],
	['no e-mail', { manifest: { author: { name: 'Someone' } } }, /author\.email \(undefined\)/],
	['no such version in the changelog', { changelog: '# Changelog\n' }, /no section for 1\.2\.3/],
	['no date', { changelog: CHANGELOG.replace('2026-01-31', 'not yet') }, /has no date/],
	['an empty section', { changelog: CHANGELOG.replace('- A thing.', '') }, /says nothing/],
])('refused: %s', async (_name, release, words) => {
	const { code, said } = await check(release);
	expect(code).toBe(1);
	expect(said).toMatch(words);
});

test.each([
	'me@example.com',
	'me@mail.example.org',
	'me@my-company.example',
	'me@nowhere.invalid',
	'me@localhost',
])('refused: the reserved address %s', async (email) => {
	const { code, said } = await check({ manifest: { author: { name: 'Me', email } } });
	expect(code).toBe(1);
	expect(said).toContain(`nobody can be reached at author.email (${email})`);
});

test('refused: a placeholder, with every line that it stands in', async () => {
	const { code, said } = await check({
		placeholders: { repository: PUBLISHED },
		readme: `one\nsee https://github.com/${PUBLISHED}\n`,
	});
	expect(code).toBe(1);
	expect(said).toContain(`.ci/placeholders.json still lists "repository" (${PUBLISHED})`);
	expect(said).toContain(`README.md:2: see https://github.com/${PUBLISHED}`);
	expect(said).toContain('package.json:');
});

test('this repository: each placeholder that is listed still stands somewhere', async () => {
	const listed = Object.entries(
		jest.requireActual<Record<string, string>>(join(repository, '.ci', 'placeholders.json')),
	).filter(([name]) => name !== '//');
	for (const [, text] of listed) {
		const { stdout } = await run('git', ['grep', '-l', '-F', text], { cwd: repository });
		expect(stdout).toContain('package.json');
	}
});
