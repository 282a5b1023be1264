import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { RunRecord } from '../history';
import { NODE } from '../scenario';
import type { MemoryStorage } from '../storage';
import type { Task } from '../task';
import type { World } from '../world';
import { wasStopped } from './facts';

type Row = { row: INodeExecutionData; output: number };

const idOf = ({ json }: INodeExecutionData) => {
	const { error } = json as { error?: { request_id?: unknown } };
	return String(json.request_id ?? error?.request_id ?? '');
};

const isFailure = ({ json }: INodeExecutionData) => json.error !== undefined && !json.request_id;

/** Every row is linked to its item, on its output, and what it delivers is what the service made. */
export const rowsAreTrue = (world: World, storage: MemoryStorage): string[] =>
	// The rows of a stopped run are seen by nobody: n8n has saved it before they come.
	world.history.runs
		.filter((run) => !wasStopped(run))
		.flatMap((run) => {
			const rows = rowsOf(run);
			return [
				...rows.flatMap((one) => linkIsTrue(world, one)),
				...rows.flatMap(({ row }) => filesAreTrue(world, row, storage)),
				...namesDiffer(rows),
				...(run.result.status === 'success' ? everyItemIsThere(world, rows) : []),
			];
		});

export const rowsOf = ({ result }: RunRecord): Row[] =>
	(result.runData[NODE]?.at(-1)?.data?.main ?? []).flatMap((rows, output) =>
		(rows ?? []).map((row) => ({ row, output })),
	);

function linkIsTrue(world: World, { row, output }: Row): string[] {
	const { pairedItem } = row;
	const item = typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : undefined;
	const about = JSON.stringify(row.json).slice(0, 200);
	if (item === undefined) return [`A row is not linked: ${about}`];
	const task = world.service.tasks.get(idOf(row));
	if (task && task.item !== item) return [`A row of item ${task.item} is linked to ${item}`];
	if (!task && !isFailure(row)) return [`A row names no task: ${about}`];
	const wanted = world.scenario.onError === 'continueErrorOutput' && isFailure(row) ? 1 : 0;
	return output === wanted ? [] : [`A row is on output ${output}: ${about}`];
}

/** What `data`, `data_1`, … of a row is a picture of. */
function pictureOf(task: Task, row: INodeExecutionData, property: string) {
	const index = row.json.index ?? Number(property.split('_')[1] ?? 0);
	return task.pictures[Number(index)];
}

function filesAreTrue(world: World, row: INodeExecutionData, storage: MemoryStorage): string[] {
	return Object.entries(row.binary ?? {}).flatMap(([property, file]) => {
		const task = world.service.tasks.get(idOf(row));
		const picture = task && pictureOf(task, row, property);
		const bytes = storage.bytesOf(file.id);
		if (!picture || !bytes?.equals(picture.bytes)) {
			return [`${property} of ${idOf(row)} is not what the service made`];
		}
		return nameIsPlain(file) ? [] : [`A file is named ${JSON.stringify(file.fileName)}`];
	});
}

const nameIsPlain = ({ fileName }: IBinaryData) =>
	/^[A-Za-z0-9_-]{1,100}\.(png|jpg|webp)$/.test(fileName ?? '');

function namesDiffer(rows: Row[]): string[] {
	const names = rows.flatMap(({ row }) => Object.values(row.binary ?? {}).map((f) => f.fileName));
	return new Set(names).size === names.length ? [] : ['Two files of a run have one name'];
}

function everyItemIsThere({ scenario }: World, rows: Row[]): string[] {
	const linked = new Set(
		rows.map(({ row: { pairedItem } }) => (pairedItem as { item?: number } | undefined)?.item),
	);
	return Array.from({ length: scenario.items }, (_, item) => item)
		.filter((item) => !linked.has(item))
		.map((item) => `Item ${item} has no row`);
}
