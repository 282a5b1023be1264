import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { errorsPage } from './page';

/** All words for errors are on one page, so that they are reviewed by reading. */

const repository = resolve(__dirname, '..', '..', '..');
const errors = join(repository, 'nodes', 'GptImage1', 'errors');
const page = join(repository, 'docs', 'errors.md');
const files = readdirSync(errors);

if (process.env.WRITE_DOCS) writeFileSync(page, errorsPage);

test('docs/errors.md has what the code says (WRITE_DOCS=1 writes it)', () => {
	expect(readFileSync(page, 'utf8')).toBe(errorsPage);
});

/** The pieces of text in a file's strings and templates; codes and keys have no blank in them. */
function sentencesIn(name: string): string[] {
	const text = readFileSync(join(errors, name), 'utf8');
	const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
		if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)) found.push(node.text.trim());
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found.filter((piece) => piece.includes(' '));
}

test.each(files)('every sentence of errors/%s is on the page', (name) => {
	expect(sentencesIn(name).filter((piece) => !errorsPage.includes(piece))).toEqual([]);
});
