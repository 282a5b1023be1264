import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import ts from 'typescript';
import { repository } from '../harness/n8n';
import type { Mutant } from '../mutants/mutant';
import { mutatedSource, pathOf } from '../mutants/mutated';

const dist = join(repository, 'dist');

type Load = (module: { _compile(code: string, file: string): void }, file: string) => void;

const requireHere = createRequire(__filename);
const extensions = requireHere.extensions as unknown as { '.js': Load };
const loadAsItIs = extensions['.js'];

/** The package that is loaded next has this mutant, or none. */
export function mutate(mutant: Mutant | undefined): void {
	for (const file of Object.keys(requireHere.cache)) {
		if (file.startsWith(dist + sep)) delete requireHere.cache[file];
	}
	const target = mutant && join(dist, `${pathOf(mutant)}.js`);
	extensions['.js'] = (module, file) => {
		if (mutant && file === target) module._compile(compiled(mutant), file);
		else loadAsItIs(module, file);
	};
}

function compiled(mutant: Mutant): string {
	const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
	return ts.transpileModule(mutatedSource(mutant), { compilerOptions }).outputText;
}
