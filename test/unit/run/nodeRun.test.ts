import type { IExecutePaginationFunctions } from 'n8n-workflow';
import { NodeExecution } from '../../../nodes/GptImage1/run/nodeExecution';
import { NodeRun } from '../../../nodes/GptImage1/run/nodeRun';
import { settled } from '../timing/manualClock';
import { BODY, Fixture, NEXT_RUN } from './taskItems';

/** A run of one item, as n8n starts it for an agent: the end of a tool's run is not announced. */
function startRun() {
	const controller = new AbortController();
	const context = {
		getExecuteData: () => data,
		getItemIndex: () => 0,
		getNode: () => ({ name: 'Image', type: 'x.gptImage1Tool' }),
		getWorkflowDataProxy: () => ({ $runIndex: 0, $node: { Image: { runIndex: 0 } } }),
		getContext: () => ({}),
		getExecutionCancelSignal: () => controller.signal,
	} as unknown as IExecutePaginationFunctions;
	const data = { data: { ai_tool: [[{ json: {} }]] } };
	return { run: NodeRun.join(context, () => Infinity), stop: () => controller.abort() };
}

const created = { requestId: 'mmsu_1', fields: {} };

test.each([true, false])('Stop ends a run and its task, unless it is over: %j', async (isOver) => {
	const { run, stop } = startRun();
	const fixture = new Fixture();
	const item = fixture.item({ run, stop: run.stop });
	await run.execution.tasks.obtain(item, BODY, async () => created);
	if (isOver) run.settle();
	stop();
	await settled();
	expect(run.scope.aborted).toBe(!isOver);
	expect(fixture.cancels).toEqual(isOver ? [] : ['mmsu_1']);
});

test.each([
	['once n8n has recorded it, the run before', true, 0],
	['a run that n8n has not recorded, as it may be tried again,', false, 1],
] as const)('%s has its tasks no longer when the next begins', async (_which, isRecorded, left) => {
	const { run, ...fixture } = new Fixture();
	const execution = NodeExecution.of(fixture.context, undefined);
	execution.begin(run);
	await execution.tasks.obtain(new Fixture().item({ run }), BODY, async () => created);
	run.isRecorded = isRecorded;
	execution.begin(NEXT_RUN);
	expect(execution.tasks.ofOthers(run, 1)).toHaveLength(left);
});
