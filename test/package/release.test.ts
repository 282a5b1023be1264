import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the publish workflow asks before it publishes. */

const repository = join(__dirname, '..', '..');

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

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'release-'));
	execFileSync('git', ['init', '--quiet'], { cwd: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const IN_ORDER = {
	...{ tag: 'v1.2.3', published: PUBLISHED, changelog: CHANGELOG },
	...{ manifest: {}, placeholders: {}, readme: '' },
};

/** Runs the check on a release that is in order but for what is given here. */
function check(change: Partial<typeof IN_ORDER>) {
	const { tag, published, manifest, placeholders, ...texts } = { ...IN_ORDER, ...change };
	mkdirSync(join(folder, '.ci'));
	const files = {
		'package.json': JSON.stringify({ ...MANIFEST, ...manifest }, null, 2),
		'CHANGELOG.md': texts.changelog,
		'README.md': texts.readme,
		'.ci/placeholders.json': JSON.stringify({ '//': 'What this is', ...placeholders }),
	};
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	execFileSync('git', ['add', '.'], { cwd: folder });
	const args = [join(repository, '.ci', 'release.mjs'), tag, published];
	return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
}

test('a release in order is let through', () => {
	const stdout = 'v1.2.3 is ready to be published.\n';
	expect(check({})).toMatchObject({ status: 0, stdout });
});

const mailedAt = (email?: string) => ({ manifest: { author: { name: 'Me', email } } });
const elsewhere = { bugs: { url: 'https://github.com/someone/else/issues' } };
const UNREACHABLE = /nobody can be reached at author\.email \(me@/;
const LEFT_OVER = { placeholders: { repository: PUBLISHED }, readme: `one\nsee ${PUBLISHED}\n` };
const LEFT_OVER_LINES =
	/still lists "repository" \(someone\/some-package\)[^]*README\.md:2: see some[^]*package\.json:/;

test.each<[string, Parameters<typeof check>[0], RegExp]>([
	['another tag', { tag: 'v1.2.4' }, /tag is v1\.2\.4, and package\.json has version 1\.2\.3/],
	['another repository', { published: 'a/fork' }, /repository\.url is .*published from a\/fork/],
	['issues elsewhere', { manifest: elsewhere }, /bugs\.url is/],
	['no e-mail', mailedAt(), /author\.email \(undefined\)/],
	['the address of an example', mailedAt('me@mail.example.org'), UNREACHABLE],
	['a reserved address', mailedAt('me@my-company.example'), UNREACHABLE],
	['an invalid address', mailedAt('me@nowhere.invalid'), UNREACHABLE],
	['a local address', mailedAt('me@localhost'), UNREACHABLE],
	['no such version in the changelog', { changelog: '# Changelog\n' }, /no section for 1\.2\.3/],
	['no date', { changelog: CHANGELOG.replace('2026-01-31', 'not yet') }, /has no date/],
	['an empty section', { changelog: CHANGELOG.replace('- A thing.', '') }, /says nothing/],
	['a placeholder, with every line that has it', LEFT_OVER, LEFT_OVER_LINES],
])('refused: %s', (_what, release, words) => {
	const { status, stderr } = check(release);
	expect(status).toBe(1);
	expect(stderr).toMatch(words);
});

test('this repository: each placeholder that is listed still stands somewhere', () => {
	const file = join(repository, '.ci', 'placeholders.json');
	const { '//': _what, ...listed } = jest.requireActual<Record<string, string>>(file);
	for (const text of Object.values(listed)) {
		const found = execFileSync('git', ['grep', '-l', '-F', text], { cwd: repository });
		expect(String(found)).toContain('package.json');
	}
});
