import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { operations } from '../../nodes/GptImage1/operations';
import manifest from '../../package.json';
import type { ScenarioName } from '../emulator';
import { ENDINGS } from '../service/endings';
import { ERRORS } from '../service/responses';
import { CONTINUE, FORBIDDEN, prompt as fromItem, tries, useSimulatedFixture } from './fixture';

/** The output schemas, from which the editor tells the fields before the first run. */

const fixture = useSimulatedFixture();

type Schema = {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
};

const REPOSITORY = join(__dirname, '..', '..');
const FOLDER = join(REPOSITORY, 'nodes', 'GptImage1', '__schema__', 'v1.0.0');
const OPERATIONS = ['generate', 'getStatus', 'getResult', 'cancel'];

const schemaOf = (operation: string) =>
	JSON.parse(readFileSync(join(FOLDER, `${operation}.json`), 'utf8')) as Schema;

const typeOf = (value: unknown) => {
	if (Array.isArray(value)) return 'array';
	if (value === null) return 'null';
	return Number.isInteger(value) ? 'integer' : typeof value;
};

/** Each field that the schema does not know, or knows as another type. */
function deviations(schema: Schema, value: unknown, path = ''): string[] {
	const type = typeOf(value);
	if (type !== schema.type && !(type === 'integer' && schema.type === 'number')) {
		return [`${path || 'the item'}: ${type}, not ${schema.type}`];
	}
	if (Array.isArray(value)) {
		return value.flatMap((one, index) =>
			schema.items ? deviations(schema.items, one, `${path}[${index}]`) : [`${path}: no items`],
		);
	}
	if (type !== 'object') return [];
	return Object.entries(value as object).flatMap(([name, one]) => {
		const field = schema.properties?.[name];
		const at = path ? `${path}.${name}` : name;
		return field ? deviations(field, one, at) : [`${at}: not in the schema`];
	});
}

/** The paths of all fields of a schema. */
const fieldsIn = (schema: Schema, path = ''): string[] =>
	Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
		const at = path ? `${path}.${name}` : name;
		return [at, ...fieldsIn(field, at), ...(field.items ? fieldsIn(field.items, at) : [])];
	});

/** The paths of all fields of a value. */
const fieldsOf = (value: unknown, path = ''): string[] => {
	if (Array.isArray(value)) return value.flatMap((one) => fieldsOf(one, path));
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, one]) => {
		const at = path ? `${path}.${name}` : name;
		return [at, ...fieldsOf(one, at)];
	});
};

/** Every item that is put out, failed ones too. */
async function output(parameters: object): Promise<IDataObject[]> {
	const execution = await fixture.run(parameters, { settings: CONTINUE });
	const items = execution.items('Image').map(({ json }) => json);
	expect(items.length).toBeGreaterThan(0);
	return items;
}

/** A task that has been made before, and has ended unless it is stuck. */
const taskOf = (scenario?: ScenarioName, ended = true) => {
	const { id } = fixture.emulator.addTask({ n: 2 }, scenario);
	if (ended) fixture.emulator.end(id);
	return id;
};

const FAILURES = [
	'failsWithContentBlocked',
	'failsWithInferenceFailure',
	'failsWithTimeout',
	'failsWithStringError',
	'cancelledElsewhere',
] as const;

const prompt = 'an apple';
const SINGLE_ITEM = { imageOutput: 'singleItem' };
const RETURN_TASK = { timeout: 60, onTimeout: 'returnTask' };

/** The status of a task at every read, until it has ended. */
async function statuses(scenario?: ScenarioName): Promise<IDataObject[]> {
	const requestId = taskOf(scenario, false);
	const items: IDataObject[] = [];
	for (let read = 0; read < 3; read++) {
		items.push(...(await output({ operation: 'getStatus', requestId })));
	}
	return items;
}

/** A task that runs forever, and has been seen to. */
const runningTask = async () => {
	const requestId = taskOf('stuckInProgress', false);
	for (let read = 0; read < 3; read++) await output({ operation: 'getStatus', requestId });
	return requestId;
};

/** The item of a task that one try has created and the next finds ended. */
async function resumed(how: keyof typeof ENDINGS): Promise<IDataObject[]> {
	fixture.emulator.play({ runsAt: 0, endsAt: 0, ending: ENDINGS[how] }, { prompt });
	fixture.emulator.play('insufficientCredits', { prompt: 'a pear' });
	const parameters = { prompt: fromItem, waitForCompletion: false };
	const situation = { items: [{ prompt }, { prompt: 'a pear' }], settings: tries(2) };
	const outputItems = (await fixture.run(parameters, situation)).items('Image');
	expect(outputItems).toMatchObject([
		{ json: { state: ENDINGS[how].how } },
		{ json: { state: 'queued' } },
	]);
	return outputItems.map(({ json }) => json);
}

const GENERATE: Record<string, () => Promise<IDataObject[]>> = {
	'an image an item': async () => await output({ prompt, numberOfImages: 2 }),
	'images not downloaded': async () => await output({ prompt, downloadImages: false }),
	'a single item': async () => await output({ prompt, numberOfImages: 2, options: SINGLE_ITEM }),
	'the new task': async () => await output({ prompt, waitForCompletion: false }),
	'the task at its time-out': async () =>
		await each(
			['stuckInQueue', 'stuckInProgress'],
			async (name) => await output({ prompt: `${prompt} [${name}]`, options: RETURN_TASK }),
		),
	'a failed task': async () =>
		await each(FAILURES, async (name) => await output({ prompt: `${prompt} [${name}]` })),
	'a time-out': async () =>
		await output({ prompt: `${prompt} [stuckInQueue]`, options: { timeout: 1 } }),
	'a refused create': async () => {
		fixture.emulator.answerNext('create', FORBIDDEN);
		return await output({ prompt });
	},
	'a refused parameter': async () => await output({ prompt: "={{ '' }}" }),
	'a download that failed': async () => {
		fixture.emulator.answerNext('image', ERRORS.noSuchImage(), 20);
		return await output({ prompt });
	},
	'tasks of an earlier try as they stand by now, without waiting': async () => [
		...(await resumed('inferenceFailure')),
		...(await resumed('succeeded')),
	],
};

const getResult = async (requestId: string, more: object = {}) =>
	await output({ operation: 'getResult', requestId, ...more });

const DO_NOT_WAIT = { waitForCompletion: false };

const each = async (
	names: readonly ScenarioName[],
	make: (name: ScenarioName) => Promise<IDataObject[]>,
) => {
	const items = [];
	for (const name of names) items.push(...(await make(name)));
	return items;
};

const GET_STATUS: typeof GENERATE = {
	'queued, running and succeeded': async () => await statuses(),
	'failed and cancelled tasks': async () => await each(FAILURES, statuses),
	'an unknown task': async () => await output({ operation: 'getStatus', requestId: 'mmsu_no' }),
};

const GET_RESULT: typeof GENERATE = {
	'an image an item': async () => await getResult(taskOf()),
	'a single item': async () => await getResult(taskOf(), { options: SINGLE_ITEM }),
	'a task that is not finished': async () => [
		...(await getResult(taskOf('stuckInQueue', false), DO_NOT_WAIT)),
		...(await getResult(await runningTask(), DO_NOT_WAIT)),
	],
	'the task at its time-out': async () =>
		await getResult(await runningTask(), { options: RETURN_TASK }),
	'a failed task': async () =>
		await each(FAILURES, async (name) => {
			const id = taskOf(name, false);
			return [...(await getResult(id)), ...(await getResult(id, DO_NOT_WAIT))];
		}),
	'an unknown task': async () => await getResult('mmsu_no'),
	'a download that failed': async () => {
		fixture.emulator.answerNext('image', ERRORS.noSuchImage(), 20);
		return await getResult(taskOf());
	},
};

const cancel = async (requestId: string) => await output({ operation: 'cancel', requestId });

const CANCEL: typeof GENERATE = {
	'a task that still runs': async () => await cancel(taskOf('stuckInQueue', false)),
	'a task that has ended': async () => await cancel(taskOf()),
	'an unknown task': async () => await cancel('mmsu_no'),
};

const SHAPES = { generate: GENERATE, getStatus: GET_STATUS, getResult: GET_RESULT, cancel: CANCEL };

describe.each(Object.entries(SHAPES))('%s', (operation, shapes) => {
	const schema = schemaOf(operation);
	const seen = new Set<string>();

	test.each(Object.entries(shapes))('%s', async (_shape, make) => {
		const items = await make();
		for (const item of items) {
			expect({ item, deviations: deviations(schema, item) }).toEqual({ item, deviations: [] });
			for (const field of fieldsOf(item)) seen.add(field);
		}
	});

	test('no field stands in it that no item has', () => {
		expect(fieldsIn(schema).filter((field) => !seen.has(field))).toEqual([]);
	});
});

test('the check finds an unknown field and a wrong type', () => {
	const schema = schemaOf('generate');
	expect(deviations(schema, { request_id: 1, outputs: [{ width: 'x' }], new: true })).toEqual([
		'request_id: integer, not string',
		'outputs[0].width: string, not integer',
		'new: not in the schema',
	]);
	expect(deviations(schema, { index: 1.5 })).toEqual(['index: number, not integer']);
});

test('there is one for each operation of the node', () => {
	const names = operations.find(({ name }) => name === 'operation')!.options!;
	const values = names.map((option) => 'value' in option && String(option.value)).sort();
	expect(values).toEqual([...OPERATIONS].sort());
	expect(readdirSync(FOLDER).sort()).toEqual(values.map((value) => `${String(value)}.json`));
});

test('the built package has them beside the compiled node', () => {
	const [node] = manifest.n8n.nodes;
	const built = join(REPOSITORY, dirname(node!), '__schema__', 'v1.0.0');
	expect(existsSync(join(REPOSITORY, node!))).toBe(true);
	for (const file of readdirSync(FOLDER)) {
		expect(readFileSync(join(built, file), 'utf8')).toBe(readFileSync(join(FOLDER, file), 'utf8'));
	}
});
