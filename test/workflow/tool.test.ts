import type { INode } from 'n8n-workflow';
import { additionalDataFor } from '../harness/additionalData';
import { core, workflowPackage } from '../harness/n8n';
import { CREDENTIAL } from '../harness/run';
import { NO_CREDITS, tries, useSimulatedFixture } from './fixture';
import { agentWorkflow } from './workflows';
import type { Settings } from './workflows';

/** The node as an AI agent's tool. */

const fixture = useSimulatedFixture();

const FROM_AI = "={{ $fromAI('prompt') }}";
const call = { prompt: 'an apple' };

/** What the model reads of each call. */
async function responses(parameters: object, calls = [call], settings: Settings = {}) {
	const workflow = agentWorkflow({ prompt: FROM_AI, ...parameters }, settings);
	const execution = await fixture.startWorkflow(workflow, { items: calls }).ended;
	expect(execution.error).toBeUndefined();
	fixture.expectNoKey(execution);
	return execution
		.items('Agent')
		.map(({ json }) => JSON.parse(json.answer as string) as Array<Record<string, unknown>>);
}

test.each([
	['an item for each image', {}, (images: object[]) => images],
	['a single item', { imageOutput: 'singleItem' }, (outputs: object[]) => [{ outputs }]],
])('the model gets the URLs in %s, and nothing is downloaded', async (_how, options, expected) => {
	const [items] = await responses({ numberOfImages: 2, options });
	const { id, parameters } = fixture.onlyTask();
	expect(parameters.prompt).toBe('an apple');
	expect(items).toMatchObject(expected([0, 1].map((index) => ({ url: fixture.urlOf(id, index) }))));
	expect(items?.[0]).toMatchObject({ request_id: id, state: 'succeeded' });
	expect(fixture.requests('image')).toEqual([]);
});

test('two calls with one prompt are two tasks', async () => {
	const [first, second] = await responses({}, [call, call]);
	expect(fixture.emulator.tasks.size).toBe(2);
	expect(first?.[0]?.request_id).not.toBe(second?.[0]?.request_id);
});

test('Stop cancels the task of a call', async () => {
	fixture.emulator.play('stuckInQueue');
	const run = fixture.startWorkflow(agentWorkflow({ prompt: FROM_AI }), { items: [call] });
	await fixture.answered('status');
	run.stop();
	await run.ended;
	await fixture.time.pass(5000);
	expect(fixture.onlyTask().ending).toMatchObject({ how: 'cancelled' });
});

test.each<[string, Settings, object, number]>([
	['is an item that the model reads', {}, { error: { http_code: 402 } }, 1],
	['is tried again under Retry On Fail', tries(2), { state: 'succeeded' }, 2],
])('a create that is refused %s', async (_what, settings, item, creates) => {
	fixture.emulator.answerNext('create', NO_CREDITS);
	expect(await responses({}, [call], settings)).toMatchObject([[item]]);
	expect(fixture.counts().creates).toBe(creates);
});

// n8n gives such a tool no execution data at all; the rest is what n8n does in the trigger's webhook.
test("as a tool of n8n's MCP Server Trigger it returns the URL", async () => {
	const { loaded } = fixture.engine;
	const { nodeTypes } = loaded;
	const json = agentWorkflow({ prompt: FROM_AI }, CREDENTIAL);
	const workflow = new workflowPackage.Workflow({ ...json, id: 'w', active: true, nodeTypes });
	const data = { ...json, id: 'w', settings: {} };
	const hooks = new core.ExecutionLifecycleHooks('webhook', '1', data as never);
	const additionalData = additionalDataFor(hooks, loaded, { credential: fixture.credential });
	additionalData.httpRequest = { body: {}, headers: {}, params: {}, query: {} } as never;
	const context = new core.WebhookContext(
		workflow,
		json.nodes.at(-1) as INode,
		additionalData,
		'webhook',
		{} as never,
		[],
		undefined as never,
	);
	const [tool] = (await context.getInputConnectionData('ai_tool', 0)) as Array<{
		invoke: (input: object) => Promise<string>;
	}>;
	const answer = await fixture.time.settle(tool!.invoke(call));
	const { id } = fixture.onlyTask();
	expect(JSON.parse(answer)).toMatchObject([{ request_id: id, url: fixture.urlOf(id, 0) }]);
});
