import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { GptImage1 } from '../../nodes/GptImage1/GptImage1.node';
import { hints } from '../../nodes/GptImage1/operations/hints';
import { startEngine } from '../harness/engine';
import type { Engine } from '../harness/engine';
import { workflowPackage } from '../harness/n8n';
import { imageWorkflow } from './workflows';

/** What the editor says beside the node, and what it says to n8n's AI workflow builder. */

let engine: Engine;
beforeAll(async () => void (engine = await startEngine()), 60_000);
afterAll(async () => await engine.stop());

const { description } = new GptImage1();

/** The hints that the editor shows, evaluated in the way in which it does so itself. */
function shownHints(parameters: INodeParameters, items: IDataObject[]): string[] {
	const { nodeTypes } = engine.loaded;
	const workflow = { ...imageWorkflow(parameters), active: false, nodeTypes };
	const { expression } = new workflowPackage.Workflow(workflow);
	const input = items.map((json) => ({ json }));
	const isShown = ({ displayCondition }: (typeof hints)[number]) =>
		expression.getParameterValue(displayCondition, null, 0, 0, 'Image', input, 'manual', {});
	// Of anything else than true and false the editor only warns in the browser's console.
	expect(hints.filter((hint) => typeof isShown(hint) !== 'boolean')).toEqual([]);
	return hints.filter(isShown).map(({ message }) => message);
}

const MANY = expect.stringContaining('each one is charged');
const LATER = expect.stringContaining("use 'Get Result' with the 'request_id'");
const JPEG = expect.stringContaining('A transparent background requires');

const getStatus = { operation: 'getStatus', requestId: 'mmsu_1', options: {} };
const getResult = { ...getStatus, operation: 'getResult' };
const transparent = { background: 'transparent', outputFormat: 'jpeg' };

test.each<[number, INodeParameters, unknown[]]>([
	[1, {}, []],
	[21, {}, [MANY]],
	[3, { numberOfImages: 7, options: {} }, [MANY]],
	[3, { numberOfImages: '={{ 7 }}' }, [MANY]],
	[21, { options: { maxImages: 0 } }, [MANY]],
	[2, { numberOfImages: 10 }, []],
	[100, { options: { maxImages: 500 } }, []],
	[100, getStatus, []],
	[1, { waitForCompletion: false }, [LATER]],
	[1, { ...getResult, waitForCompletion: false }, []],
	[1, { options: transparent }, [JPEG]],
	[1, { options: { background: 'transparent' } }, []],
	[1, { options: { outputFormat: 'jpeg' } }, []],
	[1, { options: { ...transparent, background: 'opaque' } }, []],
	[1, { options: { ...transparent, outputFormat: 'webp' } }, []],
	[1, { ...getResult, options: transparent }, []],
])('with %i items and %j', (count, parameters, expected) => {
	const items = Array.from({ length: count }, (_, number) => ({ number }));
	expect(shownHints(parameters, items)).toEqual(expected);
});

test.each(hints)('$message', ({ message, location, whenToDisplay }) => {
	expect(message.length).toBeLessThan(150);
	// What to do with the output is of use after the run, at the output.
	expect(whenToDisplay).toBe(message.includes('later') ? 'afterExecution' : 'beforeExecution');
	// n8n shows a hint "in the input pane" in the node that follows, beside the items that it gets.
	expect(['outputPane', 'ndv']).toContain(location);
	expect(description.hints).toContainEqual(expect.objectContaining({ message }));
});

test("n8n's AI workflow builder reads that the node waits by itself", () => {
	expect(description.builderHint?.searchHint).toMatch(/waits for the task by itself/);
	const waits = description.properties.filter(({ name }) => name === 'waitForCompletion');
	expect(waits.length).toBeGreaterThan(0);
	for (const { builderHint } of waits) {
		expect(builderHint?.propertyHint).toMatch(/no Wait or IF loop/);
	}
});
