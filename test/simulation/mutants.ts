import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { repository } from '../engine/n8n';
import type { Scenario } from './scenario';

/**
 * Faults that are put into the node while it is loaded, to prove that the simulation sees them. A
 * mutant names a node of the syntax tree of a file in `nodes/GptImage1` by its source, in a function
 * where the file has several; one that does not find exactly one is an error.
 */

export type Mutant = {
	name: string;
	file: string;
	/** The function or method; the whole file where it is absent. */
	within?: string;
	/** The source of the node, blanks aside; without it, `put` becomes the function's first statement. */
	find?: string;
	put: string;
	/** The invariant that sees it: how its violations begin. */
	seenAs: string;
	/** What a scenario has to be like for it to show soon. */
	given?: Partial<Scenario>;
};

const TRIES = { operation: 'generate', tries: 3 } as const;
const WAITS = { operation: 'generate', wait: true, tries: 1, retryExecution: 0 } as const;
const SOON = { execution: 1, afterRequests: 3, plusMs: 0 };

export const MUTANTS: Mutant[] = [
	{
		name: 'nothing is remembered of earlier executions',
		...{ file: 'run/ledger', within: 'get', put: 'return undefined;', seenAs: 'paidOnce' },
		given: TRIES,
	},
	{
		name: 'a create without a clear answer is forgotten',
		...{ file: 'run/tasks', within: 'create', put: 'false', seenAs: 'paidOnce' },
		find: 'error instanceof TaskError && error.details.possiblyCreated',
	},
	{
		name: 'a create is repeated on 502',
		...{ file: 'service/retryRules', within: 'mayRepeatStatus', seenAs: 'paidOnce' },
		put: "if (call === 'create' && status === 502) return true;",
		given: TRIES,
	},
	{
		name: 'a later try does not join a create that is under way',
		...{ file: 'run/tasks', within: 'obtain', seenAs: 'paidOnce' },
		...{ find: 'await task.settled', put: 'return await this.create(item, body, send)' },
		given: { ...TRIES, items: 8, throwsFrom: 2, batchInterval: 1 },
	},
	{
		name: 'an abort hides what became of a create',
		...{ file: 'timing/retry', find: 'const outcome = await attempt();', seenAs: 'paidOnce' },
		put: "const outcome = await attempt(); if (!('value' in outcome)) scope.throwIfAborted();",
		given: { ...TRIES, items: 6, onError: 'stopWorkflow' },
	},
	{
		name: 'cancels are aborted by the Stop that they follow',
		...{ file: 'run/cancelOnStop', seenAs: 'stopMeansStop' },
		...{ find: 'new AbortScope()', put: 'item.stop' },
	},
	{
		name: '"Cancel on Stop" is not heeded',
		...{ file: 'run/cancelOnStop', find: '!item.cancelOnStop', put: 'false' },
		seenAs: 'stopMeansStop',
		given: { ...TRIES, cancelOnStop: false, stop: SOON },
	},
	{
		name: 'Stop leaves tasks alone',
		...{ file: 'run/tasks', within: 'add', seenAs: 'stopMeansStop' },
		put: 'this.tasks.set(task.id, task); return task;',
	},
	{
		name: 'the key is sent to the image host',
		...{ file: 'run/deliver', find: 'helpers.httpRequest', seenAs: 'keyIsKept' },
		put: "helpers.httpRequestWithAuthentication.bind(context, 'seaArtApi')",
	},
	{
		name: 'redirects are followed with the key',
		...{ file: 'service/queueRequest', seenAs: 'keyIsKept' },
		...{ find: 'disableFollowRedirect: true', put: 'disableFollowRedirect: false' },
	},
	{
		name: 'the service may repeat the key',
		...{ file: 'service/redact', within: 'redactor', seenAs: 'keyIsKept' },
		put: 'return (value) => value;',
	},
	{
		name: 'an item without its link',
		...{ file: 'run/item', within: 'link', put: 'return items;', seenAs: 'itemsAreTrue' },
	},
	{
		name: 'one name for all files',
		...{ file: 'images/fileName', within: 'next', put: "return 'image.png';" },
		seenAs: 'itemsAreTrue',
	},
	{
		name: 'an image that was cut off is taken',
		...{ file: 'images/checkedStream', find: '!end.found', put: 'false' },
		seenAs: 'itemsAreTrue',
	},
	{
		name: 'a permit that is never given back',
		...{ file: 'timing/semaphore', find: 'this.held--', put: '0', seenAs: 'Execution' },
	},
	{
		name: 'reads are not limited',
		...{ file: 'run/nodeExecution', find: 'MAX_READS_PER_SECOND = 10', seenAs: 'callsAreLimited' },
		put: 'MAX_READS_PER_SECOND = 1000',
	},
	{
		name: 'Retry-After is not honoured',
		...{ file: 'timing/rateLimiter', find: 'Math.max(retryAfterMs, backoff)', put: 'backoff' },
		seenAs: 'refusalsAreHonoured',
	},
	{
		name: 'Retry-After: 0 is a hot loop',
		...{ file: 'timing/rateLimiter', seenAs: 'refusalsAreHonoured' },
		...{ find: 'Math.max(retryAfterMs, backoff)', put: 'retryAfterMs' },
	},
	{
		name: 'a wait sleeps past its deadline',
		...{ file: 'timing/poll', find: 'Math.min(wantedAt, it.deadline)', put: 'wantedAt' },
		seenAs: 'timeoutsAreKept',
		given: { ...WAITS, items: 1, timeout: 10, pollInterval: 20 },
	},
	{
		name: 'a call knows no deadline',
		...{ file: 'timing/clock', find: 'working.abort()', put: 'undefined' },
		seenAs: 'callsEndInTime',
	},
	{
		name: 'a response of any size is read',
		...{ file: 'service/boundedCall', find: 'bytes > maxBytes', put: 'false' },
		seenAs: 'responsesAreBounded',
		given: { operation: 'getResult', items: 12 },
	},
	{
		name: 'a service that is behind itself is not waited for',
		...{ file: 'service/retryRules', find: 'NOT_FOUND_GRACE_MS = 30_000' },
		...{ put: 'NOT_FOUND_GRACE_MS = 0', seenAs: 'wellIsDelivered' },
		given: { ...WAITS, items: 10, onError: 'continueRegularOutput' },
	},
	{
		name: 'every item listens on the signal of the execution',
		...{ file: 'run/nodeRun', within: 'stopScopeOf', put: 'return new AbortScope(signal);' },
		seenAs: 'nothingIsLeft',
	},
];

type Module = { _compile(code: string, file: string): void };
type Extensions = { '.js': (module: Module, file: string) => void };

const requireHere = createRequire(__filename);
const extensions = requireHere.extensions as unknown as Extensions;
const loadAsItIs = extensions['.js'];

/** @throws Error where there is none of this name */
export function mutantNamed(name: string): Mutant {
	const mutant = MUTANTS.find((one) => one.name === name);
	if (!mutant) throw new Error(`There is no mutant "${name}"`);
	return mutant;
}

/** The package that is loaded next has this mutant, or none. */
export function mutate(mutant: Mutant | undefined, packageFolder = repository): void {
	const dist = join(packageFolder, 'dist');
	for (const file of Object.keys(requireHere.cache)) {
		if (file.startsWith(dist + sep)) delete requireHere.cache[file];
	}
	const target = mutant && join(dist, 'nodes/GptImage1', `${mutant.file}.js`);
	extensions['.js'] = (module, file) => {
		if (!mutant || file !== target) return loadAsItIs(module, file);
		module._compile(compiled(mutant, relative(dist, file).replace(/\.js$/, '.ts')), file);
	};
}

function compiled(mutant: Mutant, path: string): string {
	const source = readFileSync(join(repository, path), 'utf8');
	const { outputText } = ts.transpileModule(mutated(source, mutant), {
		compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
	});
	return outputText;
}

function mutated(source: string, { name, within, find, put }: Mutant): string {
	const file = ts.createSourceFile('mutant.ts', source, ts.ScriptTarget.ES2022, true);
	const scopes = within === undefined ? [file] : all(file, (node) => isFunction(node, within));
	const [scope, ...others] = scopes;
	if (!scope || others.length > 0) throw new Error(`${name}: ${scopes.length} × ${within}`);
	if (find === undefined) {
		const at = (scope as ts.FunctionDeclaration).body!.getStart() + 1;
		return `${source.slice(0, at)} ${put} ${source.slice(at)}`;
	}
	const blanks = /\s+/g;
	const wanted = find.replace(blanks, '');
	const found = all(scope, (node) => node.getText().replace(blanks, '') === wanted);
	// A node may have the same text as the only one in it.
	const starts = new Set(found.map((node) => node.getStart()));
	if (starts.size !== 1) throw new Error(`${name}: ${starts.size} × ${find}`);
	const node = found[0]!;
	return source.slice(0, node.getStart()) + put + source.slice(node.getEnd());
}

function all(root: ts.Node, matches: (node: ts.Node) => boolean): ts.Node[] {
	const found: ts.Node[] = [];
	const visit = (node: ts.Node) => {
		if (matches(node)) found.push(node);
		ts.forEachChild(node, visit);
	};
	visit(root);
	return found;
}

const isFunction = (node: ts.Node, name: string) =>
	(ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) &&
	node.body !== undefined &&
	node.name?.getText() === name;
