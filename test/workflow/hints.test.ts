import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { IDataObject, INodeParameters, INodeTypeDescription, NodeHint } from 'n8n-workflow';
import { GptImage1 } from '../../nodes/GptImage1/GptImage1.node';
import { hints } from '../../nodes/GptImage1/operations/hints';
import { startEngine } from '../harness/engine';
import type { Engine } from '../harness/engine';
import { repository, workflowPackage } from '../harness/n8n';
import { imageWorkflow } from './fixture';

/** What the editor says beside the node, and what it says to n8n's AI workflow builder. */

let engine: Engine;
beforeAll(async () => void (engine = await startEngine()), 60_000);
afterAll(async () => await engine.stop());

const hintAbout = (words: string): NodeHint => {
	const found = hints.filter(({ message }) => message.includes(words));
	expect(found).toHaveLength(1);
	return found[0]!;
};

/** Whether the editor shows a hint, evaluated in the way in which it does so itself. */
function isShown(hint: NodeHint, parameters: INodeParameters, items: IDataObject[] = [{}]) {
	const { Workflow } = workflowPackage;
	const { nodes, connections } = imageWorkflow(parameters);
	const workflow = new Workflow({
		nodes,
		connections,
		active: false,
		nodeTypes: engine.packages.nodeTypes,
	});
	const condition = hint.displayCondition!;
	const input = items.map((json) => ({ json }));
	const show = () =>
		workflow.expression.getParameterValue(condition, null, 0, 0, 'Image', input, 'manual', {});
	// Without input n8n cannot tell what `$input` has; then the editor shows no hint.
	if (input.length === 0) {
		expect(show).toThrow('No execution data available');
		return false;
	}
	const shown = show();
	// Of anything else than true and false the editor only warns in the browser's console.
	expect(typeof shown).toBe('boolean');
	return shown;
}

const many = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));

const LATER = { requestId: 'mmsu_1', options: {} };

describe('many paid images', () => {
	const hint = hintAbout('each one is charged');

	test.each<[string, INodeParameters, number]>([
		['21 items', { prompt: 'x' }, 21],
		['21 items, nothing set at all', {}, 21],
		['3 items of 7 images', { numberOfImages: 7, options: {} }, 3],
		['3 items of 7 images by an expression', { numberOfImages: '={{ 7 }}' }, 3],
		['a limit of 0, which is none', { options: { maxImages: 0 } }, 21],
	])('is shown: %s', (_what, parameters, count) => {
		expect(isShown(hint, parameters, many(count))).toBe(true);
	});

	test.each<[string, INodeParameters, number]>([
		['a single item', { prompt: 'x' }, 1],
		['20 items', { prompt: 'x' }, 20],
		['two items of ten images', { numberOfImages: 10 }, 2],
		['a limit', { options: { maxImages: 500 } }, 100],
		['no input', {}, 0],
		['Get Status', { operation: 'getStatus', ...LATER }, 100],
	])('is not shown: %s', (_what, parameters, count) => {
		expect(isShown(hint, parameters, many(count))).toBe(false);
	});
});

describe('what to do with the request ID', () => {
	const hint = hintAbout('request_id');

	test('is shown where Generate does not wait', () => {
		expect(isShown(hint, { waitForCompletion: false })).toBe(true);
		expect(isShown(hint, { operation: 'generate', waitForCompletion: false })).toBe(true);
	});

	test.each<INodeParameters>([
		...[{}, { waitForCompletion: true }],
		{ operation: 'getResult', waitForCompletion: false, ...LATER },
	])('is not shown: %j', (parameters) => {
		expect(isShown(hint, parameters)).toBe(false);
	});

	test('comes after the run, at the output that has the field', () => {
		expect(hint).toMatchObject({ whenToDisplay: 'afterExecution', location: 'outputPane' });
	});
});

describe('a transparent background', () => {
	const hint = hintAbout('transparent background');
	const options = { background: 'transparent', outputFormat: 'jpeg' };

	test('is shown with JPEG', () => expect(isShown(hint, { options })).toBe(true));

	test.each<INodeParameters>([
		...[{}, { options: {} }, { options: { background: 'transparent' } }],
		...[{ options: { outputFormat: 'jpeg' } }, { options: { ...options, background: 'opaque' } }],
		{ options: { ...options, outputFormat: 'webp' } },
		{ operation: 'getResult', requestId: 'mmsu_1', options },
	])('is not shown: %j', (parameters) => expect(isShown(hint, parameters)).toBe(false));
});

describe('every hint', () => {
	test.each(hints)('$message', ({ message, type, location, whenToDisplay, displayCondition }) => {
		expect(message.length).toBeLessThan(150);
		expect(['info', 'warning', 'danger']).toContain(type);
		expect(['always', 'beforeExecution', 'afterExecution']).toContain(whenToDisplay);
		expect(displayCondition).toMatch(/^=\{\{.*\}\}$/);
		// n8n shows a hint "in the input pane" in the node that follows, beside the items that it gets.
		expect(['outputPane', 'ndv']).toContain(location);
	});

	test('is in the description of the node', () => {
		expect(new GptImage1().description.hints).toEqual(hints);
	});
});

describe("hints for n8n's AI workflow builder", () => {
	type Validate = (description: INodeTypeDescription) => void;

	/** The check that n8n's loader makes; that of the n8n-core in the root. */
	const fromCore = createRequire(join(repository, 'package.json'));
	const file = join(
		dirname(fromCore.resolve('n8n-core')),
		'nodes-loader/validate-node-description.js',
	);
	const { validateNodeDescription } = fromCore(file) as { validateNodeDescription: Validate };
	const { description } = new GptImage1();

	test('the loader of n8n takes the description', () => {
		expect(existsSync(file)).toBe(true);
		expect(() => validateNodeDescription(description)).not.toThrow();
	});

	test('and refuses a hint where the builder would not see it', () => {
		const properties = description.properties.map((property) =>
			property.name === 'operation'
				? { ...property, builderHint: { propertyHint: 'Any' } }
				: property,
		);
		expect(() => validateNodeDescription({ ...description, properties })).toThrow('builderHint');
	});

	test('say that the node waits by itself', () => {
		expect(description.builderHint?.searchHint).toMatch(/waits for the task by itself/);
		const waits = description.properties.filter(({ name }) => name === 'waitForCompletion');
		expect(waits.length).toBeGreaterThan(0);
		for (const { builderHint } of waits) {
			expect(builderHint?.propertyHint).toMatch(/no Wait or IF loop/);
		}
	});
});
