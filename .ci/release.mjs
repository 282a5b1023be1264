/**
 * What must be true of a release before it is published; ends with 1 and says what is not.
 *
 * node .ci/release.mjs <tag> <owner/repository>     in the repository's folder
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PLACEHOLDERS = '.ci/placeholders.json';

/** Names that nobody can have: RFC 2606 keeps them for examples and tests. */
const RESERVED =
	/(^|[@.])(example\.(com|net|org)|[^@]*\.(example|invalid|test|localhost)|localhost)$/i;

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Each line of a file under version control that has this text in it, as `file:line: text`. */
function linesWith(text) {
	const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
		.split('\0')
		.filter((path) => path && path !== PLACEHOLDERS);
	return files.flatMap((path) =>
		readFileSync(path, 'latin1')
			.split('\n')
			.flatMap((line, index) =>
				line.includes(text) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
			),
	);
}

function placeholdersLeft() {
	return Object.entries(readJson(PLACEHOLDERS))
		.filter(([name]) => name !== '//')
		.flatMap(([name, text]) => [
			`${PLACEHOLDERS} still lists "${name}" (${text})`,
			...linesWith(text).map((line) => `  ${line}`),
		]);
}

function wrongIn({ version, repository, homepage, bugs, author }, tag, published) {
	const wrong = [];
	if (tag !== `v${version}`)
		wrong.push(`The tag is ${tag}, and package.json has version ${version}`);
	const addresses = { 'repository.url': repository?.url, homepage, 'bugs.url': bugs?.url };
	for (const [name, url] of Object.entries(addresses)) {
		const path = /github\.com\/([^/]+\/[^/#]+?)(\.git)?([/#]|$)/.exec(url ?? '')?.[1];
		if (path !== published)
			wrong.push(`package.json: ${name} is ${url}, and this is published from ${published}`);
	}
	if (!/^[^@\s]+@[^@\s]+$/.test(author?.email ?? '') || RESERVED.test(author.email))
		wrong.push(`package.json: nobody can be reached at author.email (${author?.email})`);
	return wrong;
}

/** `## [1.2.3] - 2026-01-31`, with something under it. */
function wrongInChangelog(text, version) {
	const [heading, ...lines] =
		text
			.split(/^(?=## )/m)
			.find((section) => section.startsWith(`## [${version}]`))
			?.split('\n') ?? [];
	if (!heading) return [`CHANGELOG.md has no section for ${version}`];
	const wrong = [];
	if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading))
		wrong.push(`CHANGELOG.md: the section for ${version} has no date ("${heading}")`);
	if (!lines.some((line) => line.startsWith('- ')))
		wrong.push(`CHANGELOG.md: the section for ${version} says nothing`);
	return wrong;
}

const [tag, published] = process.argv.slice(2);
if (!tag || !published) {
	console.error('node .ci/release.mjs <tag> <owner/repository>');
	process.exit(2);
}
const manifest = readJson('package.json');
const wrong = [
	...wrongIn(manifest, tag, published),
	...wrongInChangelog(readFileSync('CHANGELOG.md', 'utf8'), manifest.version),
	...placeholdersLeft(),
];
for (const line of wrong) console.error(line);
console.log(
	wrong.length > 0 ? `${tag} is not ready to be published.` : `${tag} is ready to be published.`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;
