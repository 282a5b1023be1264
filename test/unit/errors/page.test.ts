import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { SeaArtApi } from '../../../credentials/SeaArtApi.credentials';
import type { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import { otherTasks } from '../../../nodes/GptImage1/errors/tasks';
import { failedItem } from '../../../nodes/GptImage1/run/failedItem';
import type { Item } from '../../../nodes/GptImage1/run/item';
import { EVERY_ERROR } from './everyError';

/** docs/errors.md has every error as users read it, so that all words for them are reviewed by reading. */

const INTRODUCTION = `# Every error

What the node says when something goes wrong, rendered from the code by \`test/unit/errors/page.test.ts\`. The test fails when this page and the code differ; \`WRITE_DOCS=1 npx jest test/unit/errors\` writes the page anew. \`mmsu_1\` stands for a request ID, "what SeaArt Cloud says" for the service's own words.

Each error has a message (bold) and a description. With **On Error** set to one of the "Continue" settings they are in the item's \`error\`, together with the fields below them. Every message ends in the number of its input item.

<picture><source media="(prefers-color-scheme: dark)" srcset="images/error-dark.png"><img src="images/error-light.png" alt="An error in the output panel of n8n, with message and description" width="404"></picture>`;

/** As it is in the item of a failure, which has the words of the error that n8n shows. */
function quote(error: TaskError): string {
	const item = { index: 0, redact: (value: unknown) => value } as Item;
	const told = failedItem(item, error).json.error as Record<string, string>;
	const { message, description, ...fields } = told;
	const shown = Object.entries(fields).map(([name, value]) => `\`${name}: ${value}\``);
	const words = `> **${message}**\n>\n> ${description}`;
	return shown.length > 0 ? `${words}\n>\n> ${shown.join(' ')}` : words;
}

/** Errors that differ in the HTTP status alone, or in whether the status or the result was asked for. */
const SAME = /HTTP \d+|http_code: \d+|(?<=Could not get )the (status|result)/g;

/** What is said, each under all that it is said of. */
function headed(all: Array<[when: string, said: string]>): string {
	const byWords = new Map<string, { said: string; whens: Set<string> }>();
	for (const [when, said] of all) {
		const key = said.replace(SAME, '');
		const { whens } = byWords.get(key) ?? byWords.set(key, { said, whens: new Set() }).get(key)!;
		whens.add(when);
	}
	return [...byWords.values()]
		.map(({ said, whens }) => `### ${[...whens].join(', ').replace(/, HTTP /g, ', ')}\n\n${said}`)
		.join('\n\n');
}

const sections = Object.entries(EVERY_ERROR).map(([section, entries]) => {
	const quoted = entries.map(([when, error]): [string, string] => [when, quote(error)]);
	return `## ${section}\n\n${headed(quoted)}`;
});

const many = Array.from({ length: 101 }, (_, index) => `mmsu_${index + 2}`);

const ENDING = `## The end of the whole run

Without "Continue", the error of one item ends the run of the node. Its description then also says:

> ${otherTasks(['mmsu_2', 'mmsu_3'], [])}

or, from 101 tasks on, ends with:

> ${otherTasks(many, [])!.split('mmsu_101')[1]!.replace(/^,? /, '')}

Where creates of other items got no clear answer, it also says:

> ${otherTasks([], [2, 5])}

On Stop, n8n shows the execution as canceled, and the node reports no error.`;

const rules = new SeaArtApi().test.rules!.map(({ type, properties }): [string, string] => [
	type === 'responseCode' ? `HTTP ${properties.value}` : `${properties.value ?? 'No detail'}`,
	`> ${properties.message}`,
]);

const CREDENTIAL = `## Testing the credential\n\n${headed(rules)}`;

const page = `${[INTRODUCTION, ...sections, ENDING, CREDENTIAL].join('\n\n')}\n`;

const repository = resolve(__dirname, '..', '..', '..');

test('docs/errors.md has what the code says (WRITE_DOCS=1 writes it)', () => {
	const path = join(repository, 'docs', 'errors.md');
	if (process.env.WRITE_DOCS) writeFileSync(path, page);
	expect(readFileSync(path, 'utf8')).toBe(page);
});

const errors = join(repository, 'nodes', 'GptImage1', 'errors');

test.each(readdirSync(errors))('every sentence of errors/%s is on the page', (name) => {
	const text = readFileSync(join(errors, name), 'utf8');
	// The pieces of text in strings and templates; codes and keys have no blank in them.
	const missing: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
		if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)) {
			const piece = node.text.trim();
			if (piece.includes(' ') && !page.includes(piece)) missing.push(piece);
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
	expect(missing).toEqual([]);
});
