import { NodeRun } from '../../../nodes/GptImage1/run/nodeRun';

/** One run of the node, of which n8n tells no more than it tells each item. */

test('a run that has ended hears of no Stop: the signal of its execution does not hold it', () => {
	const stop = new AbortController();
	const nodeContext = {};
	const executeData = { data: { main: [[{}]] } };
	const context = {
		getContext: () => nodeContext,
		getExecuteData: () => executeData,
		getExecutionCancelSignal: () => stop.signal,
		getItemIndex: () => 0,
		getNode: () => ({ name: 'Image', type: 'package.gptImage1' }),
		getWorkflowDataProxy: () => ({ $runIndex: 0, $node: {} }),
	};
	const run = NodeRun.join(context as never, () => false);
	run.settle();
	stop.abort();
	expect(run.stop.aborted).toBe(true);
	expect(run.scope.aborted).toBe(false);
});
