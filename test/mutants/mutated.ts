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
	const source = readFileSync(join(repository, `${pathOf(mutant)}.ts`), 'utf8');
	const { start, end, put } = placeOf(mutant, source);
	return source.slice(0, start) + put + source.slice(end);
}

function placeOf({ name, change }: Mutant, source: string) {
	const [, within, text = ''] = /^(?:in (\w+): )?(.*)$/s.exec(change) ?? [];
	const [find = '', put] = text.split(' → ');
	const file = ts.createSourceFile('mutant.ts', source, ts.ScriptTarget.ES2022, true);
	const scope = within === undefined ? file : scopeCalled(within, file);
	if (!scope) throw new Error(`${name}: there is not one ${within}`);
	if (put === undefined) {
		const { body } = scope as ts.FunctionDeclaration;
		if (!body) throw new Error(`${name}: ${within} has no statements`);
		const start = body.getStart() + 1;
		return { start, end: start, put: ` ${find} ` };
	}
	const wanted = withoutBlanks(find);
	const found = all(scope, (node) => withoutBlanks(node.getText()) === wanted);
	// A node may have the same text as the only one in it.
	const starts = new Set(found.map((node) => node.getStart()));
	if (starts.size !== 1) throw new Error(`${name}: ${starts.size} × ${find}`);
	return { start: found[0]!.getStart(), end: found[0]!.getEnd(), put };
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

/** The function, method, getter, or variable of this name, or the field of the editor. */
function scopeCalled(name: string, file: ts.SourceFile): ts.Node | undefined {
	const [outermost, ...others] = all(file, (node) => isCalled(node, name));
	return others.every(({ pos }) => pos < outermost!.end) ? outermost : undefined;
}

function isCalled(node: ts.Node, name: string): boolean {
	if (ts.isObjectLiteralExpression(node))
		return node.properties.some((one) => withoutBlanks(one.getText()) === `name:'${name}'`);
	if (ts.isVariableDeclaration(node)) return node.name.getText() === name;
	return ts.isFunctionLike(node) && 'body' in node && !!node.body && node.name?.getText() === name;
}
