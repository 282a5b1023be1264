import type { INode } from 'n8n-workflow';
import { additionalDataFor } from '../harness/additionalData';
import { CredentialsHelper } from '../harness/credentials';
import { core, workflowPackage } from '../harness/n8n';
import { agentWorkflow, NO_CREDITS, tries, useSimulatedFixture } from './fixture';
import type { Settings } from './fixture';

/** The node as an AI agent's tool. */

const fixture = useSimulatedFixture();

const FROM_AI = "={{ $fromAI('prompt') }}";

/** What the model reads of each call. */
async function responses(parameters: object, calls: object[], settings: Settings = {}) {
	const execution = await fixture.startWorkflow(agentWorkflow(parameters, settings), {
		items: calls.map((json) => ({ json: json as never })),
	}).ended;
	expect(execution.error).toBeUndefined();
	fixture.expectNoKey(execution);
	return execution
		.items('Agent')
		.map(({ json }) => JSON.parse(json.answer as string) as Array<Record<string, unknown>>);
}

test('the model gets the URLs, and nothing is downloaded', async () => {
	const [items] = await responses({ prompt: FROM_AI, numberOfImages: 2 }, [{ prompt: 'an apple' }]);
	const { id, parameters } = fixture.onlyTask();
	expect(parameters.prompt).toBe('an apple');
	const known = { request_id: id, state: 'succeeded' };
	expect(items).toMatchObject(
		[0, 1].map((index) => ({ ...known, index, url: fixture.urlOf(id, index) })),
	);
	expect(fixture.emulator.downloads()).toEqual([]);
});

test('a single item has all URLs', async () => {
	const options = { imageOutput: 'singleItem' };
	const parameters = { prompt: FROM_AI, numberOfImages: 2, options };
	const [items] = await responses(parameters, [{ prompt: 'an apple' }]);
	const { id } = fixture.onlyTask();
	expect(items).toMatchObject([
		{ outputs: [{ url: fixture.urlOf(id, 0) }, { url: fixture.urlOf(id, 1) }] },
	]);
	expect(fixture.emulator.downloads()).toEqual([]);
});

test('two calls with one prompt are two tasks', async () => {
	const call = { prompt: 'an apple' };
	const [first, second] = await responses({ prompt: FROM_AI }, [call, call]);
	expect(fixture.emulator.tasks.size).toBe(2);
	expect(first?.[0]?.request_id).not.toBe(second?.[0]?.request_id);
});

test('Stop cancels the task of a call', async () => {
	fixture.emulator.play('stuckInQueue');
	const items = [{ json: { prompt: 'an apple' } }];
	const run = fixture.startWorkflow(agentWorkflow({ prompt: FROM_AI }), { items });
	await fixture.untilAnswered('status');
	run.stop();
	await run.ended;
	await fixture.time.pass(5000);
	expect(fixture.onlyTask().ending).toMatchObject({ how: 'cancelled' });
});

describe('a create that is refused', () => {
	test('is an item that the model reads', async () => {
		fixture.emulator.answerNext('create', NO_CREDITS);
		const [items] = await responses({ prompt: FROM_AI }, [{ prompt: 'an apple' }]);
		const message = expect.stringContaining('your SeaArt Cloud balance is too low');
		expect(items).toMatchObject([{ error: { message, http_code: 402 } }]);
		expect(fixture.emulator.creates()).toHaveLength(1);
	});

	test('is tried again under Retry On Fail', async () => {
		fixture.emulator.answerNext('create', NO_CREDITS);
		const [items] = await responses({ prompt: FROM_AI }, [{ prompt: 'an apple' }], tries(2));
		expect(items).toMatchObject([{ request_id: fixture.onlyTask().id, state: 'succeeded' }]);
		expect(fixture.emulator.creates()).toHaveLength(2);
	});
});

// n8n gives such a tool no execution data at all; the rest is what n8n does in the trigger's webhook.
test("as a tool of n8n's MCP Server Trigger it returns the URL", async () => {
	const json = agentWorkflow({ prompt: FROM_AI });
	const agent = json.nodes.at(-1) as INode;
	(json.nodes[1] as INode).credentials = { seaArtApi: { id: 'test', name: 'SeaArt API' } };
	const { packages } = fixture.engine;
	const { nodeTypes } = packages;
	const workflow = new workflowPackage.Workflow({ ...json, id: 'w', active: true, nodeTypes });
	const data = { ...json, id: 'w', settings: {} };
	const hooks = new core.ExecutionLifecycleHooks('webhook', '1', data as never);
	const credentials = new CredentialsHelper(
		(name) => packages.credentialType(name),
		fixture.credential,
	);
	const additional = additionalDataFor(hooks, credentials);
	const request = { body: {}, headers: {}, params: {}, query: {} };
	Object.assign(additional, { httpRequest: request });
	const context = new core.WebhookContext(
		workflow,
		workflow.getNode(agent.name)!,
		additional,
		'webhook',
		{} as never,
		[],
		undefined as never,
	);
	const [tool] = (await context.getInputConnectionData('ai_tool', 0)) as Array<{
		invoke: (input: object) => Promise<string>;
	}>;
	const answer = await fixture.time.settle(tool!.invoke({ prompt: 'an apple' }));
	const { id } = fixture.onlyTask();
	expect(JSON.parse(answer)).toMatchObject([{ request_id: id, url: fixture.urlOf(id, 0) }]);
});
