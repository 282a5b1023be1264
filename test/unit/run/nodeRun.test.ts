import type { IExecutePaginationFunctions } from 'n8n-workflow';
import { NodeRun } from '../../../nodes/GptImage1/run/nodeRun';
import { settled } from '../timing/manualClock';
import { BODY, Fixture } from './taskItems';

/** What the end of a run leaves behind in its execution, which continues. */

/** A run of one item, as n8n starts it for an agent: of a tool it tells nobody that it is over. */
function startRun() {
	const controller = new AbortController();
	const context = {
		getExecuteData: () => data,
		getItemIndex: () => 0,
		getNode: () => ({ name: 'Image', type: 'x.gptImage1Tool' }),
		getWorkflowDataProxy: () => ({ $runIndex: 0, $node: { Image: { runIndex: 0 } } }),
		getContext: () => nodeContext,
		getExecutionCancelSignal: () => controller.signal,
	} as unknown as IExecutePaginationFunctions;
	const data = { data: { ai_tool: [[{ json: {} }]] } };
	const nodeContext = {};
	const run = NodeRun.join(context, () => false);
	return { run, stop: () => controller.abort() };
}

test('Stop aborts a run', () => {
	const { run, stop } = startRun();
	stop();
	expect(run.scope.aborted).toBe(true);
});

test("a run that has ended is attached to its execution's signal no more", () => {
	const { run, stop } = startRun();
	run.settle();
	stop();
	expect(run.scope.aborted).toBe(false);
});

test.each([
	['of a run that has handed its items on', true, []],
	['of a run that continues', false, ['mmsu_1']],
])('Stop and the task %s', async (_which, hasEnded, cancelled) => {
	const { run, stop } = startRun();
	const fixture = new Fixture();
	const created = { requestId: 'mmsu_1', fields: {} };
	const item = fixture.item({ run, stop: run.stop });
	await run.execution.tasks.obtain(item, BODY, async () => created);
	if (hasEnded) run.settle();
	stop();
	await settled();
	expect(fixture.cancels).toEqual(cancelled);
});
