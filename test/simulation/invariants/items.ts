import type { INodeExecutionData } from 'n8n-workflow';
import type { Simulation } from '../simulation';
import type { MemoryStorage } from '../storage';
import { TRAILING_BYTES } from '../../service/faults';
import { itemOf } from '../workflow';
import { outputsOf, wasStopped } from './facts';

type Output = ReturnType<typeof outputsOf>[number];

const idOf = ({ json }: INodeExecutionData) => {
	const { error } = json as { error?: { request_id?: unknown } };
	return String(json.request_id ?? error?.request_id ?? '');
};

const linkOf = ({ pairedItem }: INodeExecutionData) =>
	(pairedItem as { item?: number } | undefined)?.item;

const isFailure = ({ json }: INodeExecutionData) => json.error !== undefined && !json.request_id;

/** Every item is linked, on its output, and what it delivers is what the service made. */
export const itemsAreTrue = (sim: Simulation, storage: MemoryStorage): string[] =>
	// The items of a stopped run are seen by nobody: n8n has saved it before they come.
	sim.history.runs
		.filter((run) => !wasStopped(run))
		.flatMap((run) => {
			const outputs = outputsOf(run);
			return [
				...outputs.flatMap((one) => linkIsTrue(sim, one)),
				...outputs.flatMap(({ item }) => stateIsThere(sim, item)),
				...outputs.flatMap(({ item }) => filesAreTrue(sim, item, storage)),
				...namesDiffer(outputs),
				...(run.result.status === 'success' ? everyItemIsThere(sim, outputs) : []),
			];
		});

function linkIsTrue({ service, scenario }: Simulation, { item, output }: Output): string[] {
	// What n8n itself makes of an expression that throws.
	if (scenario.throwsFrom !== undefined && !idOf(item)) return [];
	const linked = linkOf(item);
	const about = JSON.stringify(item.json).slice(0, 200);
	if (linked === undefined) return [`An item is not linked: ${about}`];
	const task = service.tasks.get(idOf(item));
	if (task && itemOf(task) !== linked) {
		return [`An item of ${itemOf(task)} is linked to ${linked}`];
	}
	if (!task && !isFailure(item)) return [`An item names no task: ${about}`];
	const wanted = scenario.onError === 'continueErrorOutput' && isFailure(item) ? 1 : 0;
	return output === wanted ? [] : [`An item is on output ${output}: ${about}`];
}

const STATES: unknown[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

/** A good item says in which state its task is, and has no key that n8n takes for a failure. */
function stateIsThere({ scenario }: Simulation, item: INodeExecutionData): string[] {
	const { json } = item;
	if (isFailure(item) || (scenario.throwsFrom !== undefined && !idOf(item))) return [];
	return STATES.includes(json.state) && json.error === undefined
		? []
		: [`An item's state is ${String(json.state)}: ${JSON.stringify(json).slice(0, 200)}`];
}

function filesAreTrue(
	{ service }: Simulation,
	item: INodeExecutionData,
	storage: MemoryStorage,
): string[] {
	return Object.entries(item.binary ?? {}).flatMap(([property, file]) => {
		// `data`, `data_1`, … of one item, or the image of which its index speaks.
		const index = Number(item.json.index ?? property.split('_')[1] ?? 0);
		const image = service.tasks.get(idOf(item))?.images[index];
		if (!holds(storage.bytesOf(file.id), image?.picture?.bytes)) {
			return [`${property} of ${idOf(item)} is not what the service made`];
		}
		return PLAIN_NAME.test(file.fileName ?? '') ? [] : [`A file is named ${file.fileName}`];
	});
}

/** With or without what lies behind the end of the image. */
const holds = (stored: Buffer | undefined, made: Buffer | undefined) =>
	stored !== undefined &&
	made !== undefined &&
	stored.subarray(0, made.length).equals(made) &&
	stored.length <= made.length + TRAILING_BYTES.length;

const PLAIN_NAME = /^[A-Za-z0-9_-]{1,100}\.(png|jpg|webp)$/;

function namesDiffer(outputs: Output[]): string[] {
	const files = outputs.flatMap(({ item }) => Object.values(item.binary ?? {}));
	const names = new Set(files.map(({ fileName }) => fileName));
	return names.size === files.length ? [] : ['Two files of a run have one name'];
}

function everyItemIsThere({ scenario }: Simulation, outputs: Output[]): string[] {
	const linked = new Set(outputs.map(({ item }) => linkOf(item)));
	return Array.from({ length: scenario.items }, (_, item) => item)
		.filter((item) => !linked.has(item) && item < (scenario.throwsFrom ?? Infinity))
		.map((item) => `Item ${item} has nothing put out`);
}
