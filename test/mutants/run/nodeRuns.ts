import { mutantsOf } from '../mutant';

const TRIES = { operation: 'generate', tries: 3 } as const;

export const nodeRuns = [
	...mutantsOf('run/nodeExecution', 'workflow/refusals', [
		{
			name: 'reads are not limited',
			find: 'MAX_CALLS_PER_SECOND = 10',
			put: 'MAX_CALLS_PER_SECOND = 1000',
			seenAs: 'callsAreLimited',
		},
		{
			name: 'cancels on Stop are not limited',
			find: 'cancels: tenPerSecond()',
			put: 'cancels: { limiter: new RateLimiter({ perSecond: 100 }, systemClock) }',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'creates are not limited',
			find: 'FIRST_CREATES_PER_SECOND = 20',
			put: 'FIRST_CREATES_PER_SECOND = 1000',
			seenAs: 'callsAreLimited',
			given: { ...TRIES, items: 60, inFlight: 100 },
		},
		{
			name: 'each run of the node has its own limits',
			find: 'NodeExecution.all(signal ?? context)(context)',
			put: 'new NodeExecution(context)',
			caughtBy: 'workflow/batching',
		},
		{
			name: 'nothing is learned from the tasks that have ended',
			find: '[...this.foundEndedOf(kind), ageMs].slice(-MAX_REMEMBERED)',
			put: '[]',
			caughtBy: 'workflow/learning',
		},
		{
			name: 'all that was ever learned is kept',
			find: '[...this.foundEndedOf(kind), ageMs].slice(-MAX_REMEMBERED)',
			put: '[...this.foundEndedOf(kind), ageMs]',
			caughtBy: 'workflow/learning',
		},
		{
			name: 'what was learned of one kind counts for all',
			find: 'this.foundEnded.get(kind)',
			put: 'this.foundEnded.values().next().value',
			caughtBy: 'workflow/learning',
		},
		{
			name: 'Stop cancels the tasks of an earlier run',
			find: 'if (this.latestRun?.isRecorded) this.tasks.handOver(this.latestRun);',
			put: ';',
			caughtBy: 'unit/run/nodeExecution',
		},
		{
			name: 'a run that may be tried again is over as soon as another begins',
			find: 'this.latestRun?.isRecorded',
			put: 'this.latestRun',
			caughtBy: 'unit/run/nodeExecution',
		},
	]),
	...mutantsOf('run/nodeRun', 'workflow/maxImages', [
		{
			name: 'every item listens on the signal of the execution',
			find: 'perObject((signal: AbortSignal) => new AbortScope(signal))',
			put: '(signal: AbortSignal) => new AbortScope(signal)',
			seenAs: 'nothingIsLeft',
		},
		{
			name: 'a run that n8n has given up continues',
			find: 'run?.scope.abort()',
			put: '0',
			caughtBy: 'workflow/batching',
		},
		{
			name: 'a second try is the same run',
			find: 'run.started.has(itemIndex)',
			put: 'false',
			caughtBy: 'workflow/batching',
		},
		{
			name: 'Execute Once waits for items that never come',
			find: 'node.executeOnce ? 1 : (input?.[0]?.length ?? 1)',
			put: 'input?.[0]?.length ?? 1',
			caughtBy: 'workflow/inputItems',
		},
		{
			name: "a tool counts its agent's items",
			find: "isTool(node) ? 'ai_tool' : 'main'",
			put: "'main'",
			caughtBy: 'workflow/tool',
		},
		{
			name: 'under Batching the limit of images is not kept',
			find: 'this.isBatched && wanted > max',
			put: 'false',
		},
		{ name: 'the limit of images is not kept', find: 'this.images > max', put: 'false' },
		{
			name: 'one image too many is taken',
			find: 'this.images > max',
			put: 'this.images > max + 1',
		},
		{ name: 'one image too few is taken', find: 'this.images > max', put: 'this.images >= max' },
		{
			name: 'an item waits for a create that hangs though Stop was pressed',
			find: 'reject(new Aborted())',
			put: '0',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'an item waits for its cancel without end',
			find: 'systemClock.now() + STOP_GRACE_MS',
			put: 'Infinity',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'Stop after the end cancels what has been handed on',
			find: '!this.mayRunAgain && !this.stop.aborted',
			put: 'false',
			caughtBy: 'unit/run/nodeRun',
		},
		{
			name: "a run stays attached to n8n's signal after its end",
			within: 'settle',
			find: 'this.scope.close();',
			put: ';',
			caughtBy: 'unit/run/nodeRun',
		},
		{
			name: 'Stop between two tries forgets the tasks',
			find: '!this.mayRunAgain && !this.stop.aborted',
			put: 'true',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'Batching is taken from the last item',
			find: 'run.started.add(itemIndex);',
			put: '(run as { isBatched: boolean }).isBatched = isBatched(); run.started.add(itemIndex);',
		},
		{
			name: 'a run that n8n has recorded continues',
			find: 'this.isBatched && this.isRecorded',
			put: 'false',
			caughtBy: 'workflow/batching',
		},
	]),
	...mutantsOf('run/recorded', 'workflow/tool', [
		{
			name: 'a tool without execution data fails',
			find: 'catch {\n\t\treturn {};\n\t}',
			put: 'catch (error) { throw error; }',
		},
		{
			name: "a run of an agent's tool is over when it begins",
			find: '!isTool(node) && $node[node.name]!.runIndex >= runIndex',
			put: '$node[node.name]!.runIndex >= runIndex',
		},
		{
			name: 'a run is over only with the next',
			find: '$node[node.name]!.runIndex >= runIndex',
			put: '$node[node.name]!.runIndex > runIndex',
			caughtBy: 'workflow/batching',
		},
	]),
	...mutantsOf('run/runError', 'workflow/partialFailure', [
		{
			name: 'the error of the last item is completed',
			find: 'itemIndex <= (this.first?.itemIndex ?? Infinity)',
			put: 'true',
		},
		{
			name: 'what became of the other items is not told',
			find: "if (others) error.description = [error.description, others].filter(Boolean).join('\\n\\n');",
			put: ';',
		},
		{
			name: 'unclear creates of other items are not told',
			find: "life.is === 'unconfirmed'",
			put: 'false',
		},
		{
			name: 'an item with an unclear create goes by a wrong number',
			find: 'unclear.map(({ item }) => item.index)',
			put: 'unclear.map((_, index) => index)',
		},
	]),
];
