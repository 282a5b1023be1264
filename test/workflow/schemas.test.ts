import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { operations } from '../../nodes/GptImage1/operations';
import type { Scenario, ScenarioName } from '../emulator';
import { repository } from '../harness/n8n';
import { ENDINGS } from '../service/endings';
import { ERRORS } from '../service/responses';
import type { Situation } from './fixture';
import { CONTINUE, FORBIDDEN, prompts, tries, useSimulatedFixture } from './fixture';

/** The output schemas, from which the editor tells the fields before the first run. */

const fixture = useSimulatedFixture();

type Schema = { type: string; properties?: Record<string, Schema>; items?: Schema };

/** Beside the compiled node, where n8n looks for them. */
const FOLDER = join(repository, 'dist', 'nodes', 'GptImage1', '__schema__', 'v1.0.0');

/** Each field of a schema with its type, such as `outputs.width: integer`. */
const fieldsIn = ({ properties, items }: Schema, path = ''): string[] => [
	...(items ? fieldsIn(items, path) : []),
	...Object.entries(properties ?? {}).flatMap(([name, field]) => [
		`${path}${name}: ${field.type}`,
		...fieldsIn(field, `${path}${name}.`),
	]),
];

const typeOf = (value: unknown) => {
	if (Array.isArray(value)) return 'array';
	if (value === null) return 'null';
	return Number.isInteger(value) ? 'integer' : typeof value;
};

/** Each field of a value with its type, in the same way. */
const fieldsOf = (value: unknown, path = ''): string[] => {
	if (Array.isArray(value)) return value.flatMap((one) => fieldsOf(one, path));
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, field]) => [
		`${path}${name}: ${typeOf(field)}`,
		...fieldsOf(field, `${path}${name}.`),
	]);
};

/** Every item that was put out. */
let items: IDataObject[] = [];
beforeEach(() => (items = []));

async function run(parameters: object, situation: Situation = { settings: CONTINUE }) {
	const execution = await fixture.run(parameters, situation);
	items.push(...execution.items('Image').map(({ json }) => json));
}

const prompt = 'an apple';
const SINGLE_ITEM = { options: { imageOutput: 'singleItem' } };
const RETURN_TASK = { options: { timeout: 60, onTimeout: 'returnTask' } };
const NO_WAIT = { waitForCompletion: false };

const ENDS = Object.values(ENDINGS).map((ending): Scenario => ({ ending }));
const STUCK: ScenarioName[] = ['stuckInQueue', 'stuckInProgress'];

/** A task that has been made before, and was polled so often. @returns its ID */
async function taskOf(scenario: ScenarioName | Scenario = {}, polls = 3): Promise<string> {
	const { id } = fixture.emulator.addTask({ n: 2 }, scenario);
	const getStatus = { operation: 'getStatus', requestId: id };
	for (let poll = 0; poll < polls; poll++) await fixture.run(getStatus);
	return id;
}

/** Each operation in every situation in which it puts out other fields. */
const OPERATIONS: Record<string, () => Promise<void>> = {
	async generate() {
		for (const more of [{ downloadImages: false }, SINGLE_ITEM, NO_WAIT, { prompt: "={{ '' }}" }])
			await run({ prompt, numberOfImages: 2, ...more });
		for (const scenario of STUCK) {
			fixture.emulator.play(scenario, { times: 2 });
			await run({ prompt, options: { timeout: 1 } });
			await run({ prompt, ...RETURN_TASK });
		}
		for (const scenario of ENDS) {
			fixture.emulator.play(scenario);
			await run({ prompt });
			// A task that one try has created and the next finds ended, as another item has failed.
			fixture.emulator.play({ ...scenario, runsAt: 0, endsAt: 0 }, { prompt: 'image 0' });
			fixture.emulator.play('insufficientCredits', { prompt: 'image 1' });
			await run(
				{ prompt: '={{ $json.prompt }}', ...NO_WAIT },
				{ items: prompts(2), settings: tries(2) },
			);
		}
		fixture.emulator.answerNext('create', FORBIDDEN);
		fixture.emulator.answerNext('image', ERRORS.goneImage());
		await run({ prompt }, { items: [{}, {}], settings: CONTINUE });
	},

	async getStatus() {
		const ids = ['mmsu_unknown', await taskOf({}, 0), await taskOf({}, 1), await taskOf({}, 2)];
		for (const scenario of ENDS) ids.push(await taskOf(scenario));
		for (const requestId of ids) await run({ operation: 'getStatus', requestId });
	},

	async getResult() {
		const getResult = async (requestId: string, more: object = {}) =>
			await run({ operation: 'getResult', requestId, ...more });
		await getResult('mmsu_unknown');
		await getResult(await taskOf(), SINGLE_ITEM);
		await getResult(await taskOf('stuckInProgress'), RETURN_TASK);
		for (const scenario of STUCK) await getResult(await taskOf(scenario), NO_WAIT);
		for (const scenario of ENDS) {
			await getResult(await taskOf(scenario));
			await getResult(await taskOf(scenario), NO_WAIT);
		}
		fixture.emulator.answerNext('image', ERRORS.goneImage());
		await getResult(await taskOf());
	},

	async cancel() {
		const ids = ['mmsu_unknown', await taskOf('stuckInQueue'), await taskOf()];
		for (const requestId of ids) await run({ operation: 'cancel', requestId });
	},
};

test.each(Object.entries(OPERATIONS))('%s: its items have these fields', async (name, all) => {
	const fields = fieldsIn(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));
	await all();
	// A whole number is a number, too.
	const seen = fieldsOf(items).map((field) => {
		const asNumber = field.replace(/: integer$/, ': number');
		return fields.includes(asNumber) ? asNumber : field;
	});
	expect([...new Set(seen)].sort()).toEqual(fields.sort());
});

test('there is one for each operation of the node', () => {
	const names = operations.find(({ name }) => name === 'operation')!.options!;
	const values = names.map((option) => 'value' in option && String(option.value)).sort();
	expect(values).toEqual(Object.keys(OPERATIONS).sort());
	expect(readdirSync(FOLDER).sort()).toEqual(values.map((value) => `${String(value)}.json`));
});
