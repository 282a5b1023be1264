import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repository } from '../harness/n8n';
import type { Mutant } from './mutant';

/** Puts a mutant into the source of its file. */

/** Relative to the repository, without its extension. */
export const pathOf = ({ file }: Mutant) =>
	file.startsWith('credentials/') ? file : `nodes/GptImage1/${file}`;

/** The source of its file with the mutant in it. @throws Error unless it finds exactly one place */
export function mutatedSource(mutant: Mutant): string {
	const { name, within, find, put } = mutant;
	const source = readFileSync(join(repository, `${pathOf(mutant)}.ts`), 'utf8');
	const file = ts.createSourceFile('mutant.ts', source, ts.ScriptTarget.ES2022, true);
	const scope = within === undefined ? file : scopeCalled(within, file);
	if (!scope) throw new Error(`${name}: there is not one ${within}`);
	if (find === undefined) {
		const { body } = scope as ts.FunctionDeclaration;
		if (!body) throw new Error(`${name}: ${within} has no statements`);
		const at = body.getStart() + 1;
		return `${source.slice(0, at)} ${put} ${source.slice(at)}`;
	}
	const wanted = withoutBlanks(find);
	const found = all(scope, (node) => withoutBlanks(node.getText()) === wanted);
	// A node may have the same text as the only one in it.
	const starts = new Set(found.map((node) => node.getStart()));
	if (starts.size !== 1) throw new Error(`${name}: ${starts.size} × ${find}`);
	const node = found[0]!;
	return source.slice(0, node.getStart()) + put + source.slice(node.getEnd());
}

const withoutBlanks = (text: string) => text.replace(/\s+/g, '');

function all(root: ts.Node, matches: (node: ts.Node) => boolean): ts.Node[] {
	const found: ts.Node[] = [];
	const visit = (node: ts.Node) => {
		if (matches(node)) found.push(node);
		ts.forEachChild(node, visit);
	};
	visit(root);
	return found;
}

/** The function or method of this name; else the field of the editor; else the variable. */
function scopeCalled(name: string, file: ts.SourceFile): ts.Node | undefined {
	for (const isCalled of [isFunction, isField, isVariable]) {
		const found = all(file, (node) => isCalled(node, name));
		if (found.length > 0) return found.length === 1 ? found[0] : undefined;
	}
	return undefined;
}

const isFunction = (node: ts.Node, name: string) =>
	(ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) &&
	node.body !== undefined &&
	node.name?.getText() === name;

const isField = (node: ts.Node, name: string) =>
	ts.isObjectLiteralExpression(node) &&
	node.properties.some((one) => withoutBlanks(one.getText()) === `name:'${name}'`);

const isVariable = (node: ts.Node, name: string) =>
	(ts.isVariableDeclaration(node) || ts.isGetAccessor(node)) && node.name.getText() === name;
