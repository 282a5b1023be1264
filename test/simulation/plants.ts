import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { repository } from '../engine/n8n';

/**
 * Faults that are planted into the built node while it is loaded, to prove that the simulation sees
 * them. Each is a small change to a file of `dist`; one that no longer finds its place is an error.
 */

export type Planted = {
	name: string;
	changes: Array<{ file: string; find: string; put: string }>;
	/** The beginning of what the simulation says of it. */
	seenAs: string;
};

const change = (file: string, find: string, put: string) => ({ file, find, put });

export const PLANTS: Planted[] = [
	{
		name: 'no ledger',
		changes: [change('task/ledger', 'find(place) {', 'find(place) { return undefined;')],
		seenAs: 'paidOnce',
	},
	{
		name: 'a create without an answer is made again by Retry On Fail',
		changes: [change('task/ledger', 'isUnanswered(place, executionId) {', '$& return false;')],
		seenAs: 'paidOnce',
	},
	{
		name: 'a create is repeated on 502',
		changes: [
			change(
				'task/retry',
				'const { statuses, serverErrors, networkFailures } =',
				"if (call === 'create' && status === 502) return true; $&",
			),
		],
		seenAs: 'paidOnce',
	},
	{
		name: 'cancels are sent with the stopped signal',
		changes: [change('run/sendingWithKey', 'const caller = outlivesStop', 'const caller = false')],
		seenAs: 'stopMeansStop',
	},
	{
		name: '"Cancel on Stop" is not heeded',
		changes: [change('run/item', 'if (!this.cancelOnStop) {', 'if (false) {')],
		seenAs: 'stopMeansStop',
	},
	{
		name: 'the key is sent to the image host',
		changes: [
			change(
				'run/deliver',
				'helpers.httpRequest({',
				"helpers.httpRequestWithAuthentication.call(context, 'seaArtApi', {",
			),
		],
		seenAs: 'keyIsKept',
	},
	{
		name: 'redirects are followed with the key',
		changes: [change('task/call', 'disableFollowRedirect: true', 'disableFollowRedirect: false')],
		seenAs: 'keyIsKept',
	},
	{
		name: 'the service may repeat the key',
		changes: [change('run/failure', 'if (key.length < 4 ||', 'if (true ||')],
		seenAs: 'keyIsKept',
	},
	{
		name: 'a row without its link',
		changes: [change('run/operation', 'return item.link(', 'return (')],
		seenAs: 'rowsAreTrue',
	},
	{
		name: 'one name for all files',
		changes: [change('images/fileName', 'for (let copy = 1;; copy++) {', "$& return 'image.png';")],
		seenAs: 'rowsAreTrue',
	},
	{
		name: 'an image that was cut off is taken',
		changes: [change('images/imageType', 'switch (type) {', 'return true; $&')],
		seenAs: 'rowsAreTrue',
	},
	{
		name: 'a place that is never given back',
		changes: [change('run/slots', 'this.taken--;', '')],
		seenAs: 'Execution',
	},
	{
		name: 'looks are not spaced',
		changes: [
			change('task/lookPace', 'next(now, wanted, reserved) {', '$& return Math.max(now, wanted);'),
		],
		seenAs: 'looksAreSpaced',
	},
	{
		name: 'sleeping past the deadline',
		changes: [
			change('run/nodeRun', 'if (at > deadline) {', 'if (false) {'),
			change('task/wait', 'Math.min(wanted, watch.deadline)', 'wanted'),
			change('task/wait', 'if (asked >= watch.deadline)', 'if (false)'),
		],
		seenAs: 'looksEndInTime',
	},
];

type Module = { _compile(code: string, file: string): void };
type Extensions = { '.js': (module: Module, file: string) => void };

const requireHere = createRequire(__filename);
const extensions = requireHere.extensions as unknown as Extensions;
const plainly = extensions['.js'];

/** What is planted in the package that is loaded next; nothing where no fault is given. */
export function plant(fault: Planted | undefined, packageFolder = repository): void {
	const dist = join(packageFolder, 'dist');
	for (const file of Object.keys(requireHere.cache)) {
		if (file.startsWith(dist + sep)) delete requireHere.cache[file];
	}
	extensions['.js'] = (module, file) => {
		const changes = (fault?.changes ?? []).filter(
			(one) => file === join(dist, 'nodes/GptImage1', `${one.file}.js`),
		);
		if (changes.length === 0) return plainly(module, file);
		module._compile(changes.reduce(changed, readFileSync(file, 'utf8')), file);
	};
}

function changed(code: string, { file, find, put }: Planted['changes'][number]): string {
	if (code.split(find).length !== 2) {
		throw new Error(`The place for a planted fault in ${file} is gone: ${find}`);
	}
	return code.replace(find, put);
}
