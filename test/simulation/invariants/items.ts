import type { INodeExecutionData } from 'n8n-workflow';
import type { Simulation } from '../simulation';
import { TRAILING_BYTES } from '../../service/faults';
import { itemOf } from '../workflow';
import { outputsOf, wasStopped } from './facts';
import type { Output } from './facts';

const idOf = ({ json }: INodeExecutionData) => {
	const { error } = json as { error?: { request_id?: unknown } };
	return String(json.request_id ?? error?.request_id ?? '');
};

const linkOf = ({ pairedItem }: INodeExecutionData) =>
	(pairedItem as { item?: number } | undefined)?.item;

const isFailure = ({ json }: INodeExecutionData) => json.error !== undefined && !json.request_id;

/** Every item is linked, on its output, and what it delivers is what the service made. */
export function* itemsAreTrue(sim: Simulation) {
	for (const run of sim.history.runs) {
		// The items of a stopped run cannot be seen: n8n has saved it before they come.
		if (wasStopped(run)) continue;
		const outputs = outputsOf(run);
		for (const output of outputs) {
			yield* linkIsTrue(sim, output);
			yield* stateIsThere(sim, output);
			yield* filesAreTrue(sim, output);
		}
		const names = outputs.flatMap(({ item }) =>
			Object.values(item.binary ?? {}).map(({ fileName }) => fileName),
		);
		if (new Set(names).size < names.length) yield 'Two files of a run have one name';
		if (run.result.status === 'success') yield* everyItemIsThere(sim, outputs);
	}
}

const shown = ({ json }: INodeExecutionData) => JSON.stringify(json).slice(0, 200);

/** What n8n itself makes of an expression that throws. */
const isOfN8n = ({ scenario }: Simulation, item: INodeExecutionData) =>
	scenario.throwsFrom !== undefined && !idOf(item);

function* linkIsTrue(sim: Simulation, { item, output }: Output): Iterable<string> {
	if (isOfN8n(sim, item)) return;
	const linked = linkOf(item);
	if (linked === undefined) return yield `An item is not linked: ${shown(item)}`;
	const task = sim.service.tasks.get(idOf(item));
	if (task && itemOf(task) !== linked) {
		return yield `An item of ${itemOf(task)} is linked to ${linked}`;
	}
	if (!task && !isFailure(item)) return yield `An item names no task: ${shown(item)}`;
	const wanted = sim.scenario.onError === 'continueErrorOutput' && isFailure(item) ? 1 : 0;
	if (output !== wanted) yield `An item is on output ${output}: ${shown(item)}`;
}

const STATES: unknown[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

/** A good item says in which state its task is, and has no key that n8n takes for a failure. */
function* stateIsThere(sim: Simulation, { item }: Output) {
	if (isFailure(item) || isOfN8n(sim, item)) return;
	const { state, error } = item.json;
	if (STATES.includes(state) && error === undefined) return;
	yield `An item's state is ${String(state)}: ${shown(item)}`;
}

const PLAIN_NAME = /^[A-Za-z0-9_-]{1,100}\.(png|jpg|webp)$/;

function* filesAreTrue({ service, engine }: Simulation, { item }: Output) {
	for (const [property, { id, fileName = '' }] of Object.entries(item.binary ?? {})) {
		// `data`, `data_1`, … of one item, or the image of which its index speaks.
		const index = Number(item.json.index ?? property.split('_')[1] ?? 0);
		const image = service.tasks.get(idOf(item))?.images[index];
		if (!holds(engine.storage.bytesOf(id), image?.picture?.bytes)) {
			yield `${property} of ${idOf(item)} is not what the service made`;
		} else if (!PLAIN_NAME.test(fileName)) yield `A file is named ${fileName}`;
	}
}

/** With or without what lies behind the end of the image. */
const holds = (stored: Buffer | undefined, made: Buffer | undefined) =>
	stored !== undefined &&
	made !== undefined &&
	stored.subarray(0, made.length).equals(made) &&
	stored.length <= made.length + TRAILING_BYTES.length;

function* everyItemIsThere({ scenario }: Simulation, outputs: Output[]) {
	const linked = new Set(outputs.map(({ item }) => linkOf(item)));
	for (let item = 0; item < Math.min(scenario.items, scenario.throwsFrom ?? Infinity); item++) {
		if (!linked.has(item)) yield `Item ${item} has nothing put out`;
	}
}
