import {
	CONTINUE,
	imageWorkflow,
	THROWS_WITHOUT_PROMPT,
	tries,
	useSimulatedFixture,
} from './fixture';
import type { Settings } from './fixture';

/** Once a run of the node has handed its items on, its tasks are the business of the nodes behind it. */

const fixture = useSimulatedFixture({ progress: { byTime: 86_400_000 } });

/** Creates without waiting; the node behind it waits for the tasks, and leaves them on Stop. */
function createThenCollect(settings: Settings) {
	const workflow = imageWorkflow(
		{ prompt: THROWS_WITHOUT_PROMPT, waitForCompletion: false },
		settings,
	);
	const [, image] = workflow.nodes;
	const collect = {
		...image!,
		...CONTINUE,
		id: 'Collect',
		name: 'Collect',
		parameters: {
			operation: 'getResult',
			requestId: '={{ $json.request_id ?? "unknown" }}',
			options: { cancelOnStop: false, timeout: 3600 },
		},
	};
	workflow.nodes.push(collect);
	workflow.connections.Image = { main: [[{ node: 'Collect', type: 'main', index: 0 }]] };
	return workflow;
}

async function stopWhileCollecting(settings: Settings, items: object[]) {
	const run = fixture.startWorkflow(createThenCollect(settings), {
		items: items.map((json) => ({ json: json as never })),
	});
	await fixture.time.pass(60_000);
	expect(fixture.requests('status').length).toBeGreaterThan(1);
	run.stop();
	const execution = await run.ended;
	await fixture.time.pass(30_000);
	expect(execution.status).toBe('canceled');
	expect(fixture.requests('cancel')).toEqual([]);
	const tasks = [...fixture.emulator.tasks.values()];
	expect(tasks.map(({ ending }) => ending)).toEqual([undefined, undefined]);
}

test.each<[string, Settings, object[]]>([
	['', CONTINUE, []],
	[', also where n8n left out an item', CONTINUE, [{}]],
	[', also where Retry On Fail was not used up', { ...CONTINUE, ...tries(2) }, [{ prompt: '' }]],
])('Stop in the next node leaves them alone%s', async (_where, settings, between) => {
	await stopWhileCollecting(settings, [{ prompt: 'one' }, ...between, { prompt: 'two' }]);
});
