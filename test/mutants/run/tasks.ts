import { mutantsOf } from '../mutant';

const TRIES = { operation: 'generate', tries: 3 } as const;
const JOINS = { ...TRIES, items: 8, throwsFrom: 2, batchInterval: 1 };

export const tasks = [
	...mutantsOf('run/taskState', 'unit/run/taskState', [
		{
			name: 'a create that was refused may have made a task',
			find: "case 'creating, notCreated':\n\t\t\treturn { is: 'discarded' };",
			put: "case 'creating, notCreated': return { is: 'unconfirmed' };",
		},
		{
			name: 'a create without an answer has made nothing',
			find: "{ is: 'unconfirmed' }",
			within: 'nextLife',
			put: "{ is: 'discarded' }",
		},
		{
			name: 'a task that has succeeded counts as open',
			find: "{ ...(life as CreatedTask), is: 'succeeded' }",
			put: "{ ...(life as CreatedTask), is: 'open' }",
			seenAs: 'deadAreLeftAlone',
			given: {
				operation: 'generate',
				items: 2,
				cancelOnStop: true,
				stop: { execution: 1, afterRequests: 6, plusMs: 0 },
			},
		},
		{
			name: 'a step that cannot be is taken',
			find: 'throw new Error(`A task that is ${life.is} cannot become ${event.is}`);',
			put: 'return life;',
		},
	]),
	...mutantsOf('run/tasks', 'unit/run/tasks', [
		{
			name: 'after Stop nobody hears that a task may exist',
			find: 'unclear && task.item.stop.aborted',
			put: 'false',
			caughtBy: 'workflow/stopOwnership',
		},
		{
			name: 'a killed n8n has no request ID in its log',
			find: "item.progress.report('info', life.requestId, 'created')",
			put: "item.progress.report('debug', life.requestId, 'created')",
			seenAs: 'nothingLost',
			given: { operation: 'generate', stop: undefined, crash: { afterRequests: 4, plusMs: 900 } },
		},
		{
			name: 'a create without a clear answer is forgotten',
			within: 'create',
			find: 'error instanceof TaskError && error.details.possiblyCreated',
			put: 'false',
			seenAs: 'paidOnce',
		},
		{
			name: 'a later try does not join a create that is under way',
			within: 'obtain',
			find: 'await task.settled',
			put: 'return await this.create(item, body, send)',
			seenAs: 'paidOnce',
			given: JOINS,
		},
		{
			name: 'Stop leaves tasks alone',
			within: 'add',
			put: 'this.tasks.set(task.id, task); return task;',
			seenAs: 'stopMeansStop',
		},
		{
			name: 'a task is not known as one of an earlier try',
			find: 'task.resumed ||= task.item !== item;',
			put: ';',
		},
		{
			name: 'the setting of an earlier try counts',
			find: 'task.item = item;',
			put: ';',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'an item does not know its task',
			within: 'recall',
			find: 'item.task = task;',
			put: ';',
			caughtBy: 'workflow/retry',
		},
		{
			name: 'a task that has succeeded is open again after a restart',
			within: 'restore',
			find: 'entry.succeeded',
			put: 'false',
		},
		{
			name: 'a task of an earlier execution is young',
			find: 'this.clock.now() - ageMs',
			put: 'this.clock.now()',
		},
		{
			name: 'a task may come from the future',
			find: 'Math.max(0, this.clock.date() - entry.createdAt)',
			put: 'this.clock.date() - entry.createdAt',
		},
		{
			name: 'an unclear create is never created again',
			find: 'entry.unconfirmed !== item.executionId',
			put: 'false',
		},
		{
			name: 'a create that was under way is created again unasked',
			find: "'unconfirmed' in entry && entry.unconfirmed !== item.executionId",
			put: 'true',
		},
		{
			name: 'that a user was told is not noted',
			within: 'restore',
			find: 'this.ledger.set(key, { unconfirmed: item.executionId });',
			put: ';',
		},
		{
			name: 'an unclear create is tried again',
			find: "if (task.life.is === 'unconfirmed') throw unconfirmedBefore();",
			put: "if (task.life.is === 'unconfirmed') return await this.create(item, body, send);",
		},
		{
			name: 'a create is in the ledger only when it was answered',
			find: 'this.ledger.set(key, { creating: item.executionId })',
			put: '0',
		},
		{
			name: 'a refused create may have made a task',
			find: "unclear ? 'unclear' : 'notCreated'",
			put: "'unclear'",
		},
		{
			name: 'a task does not know when it was created',
			find: 'task.createdAt = this.clock.now();',
			put: ';',
		},
		{
			name: 'a new task is not in the log',
			find: "item.progress.report('info', life.requestId, 'created');",
			put: ';',
		},

		{
			name: 'a task that leaves nothing is kept',
			find: "if (life.is === 'discarded') this.tasks.delete(task.id);",
			put: ';',
		},
		{
			name: 'a request ID for which two tries wait is cancelled twice',
			within: 'add',
			find: 'this.tasks.get(task.id)?.unwatch();',
			put: ';',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'the credential is not read ahead of a cancel',
			find: 'void task.item.prepare()',
			put: '0',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'what ended while a cancel waited is cancelled',
			find: "if (task.life.is === 'open') { await cancelOnStop(task, (is) => this.step(task, { is })); }",
			put: 'await cancelOnStop(task, (is) => this.step(task, { is }));',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'a task that is known to have ended is cancelled',
			within: 'leaveOnStop',
			find: 'task.unwatch();',
			put: ';',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'the tasks of another run are named',
			find: 'item.run === run && item.index !== itemIndex',
			put: 'item.index !== itemIndex',
		},
		{
			name: 'the own task is named among the others',
			find: 'item.run === run && item.index !== itemIndex',
			put: 'item.run === run',
		},
		{
			name: 'Stop cancels what another node has taken over',
			within: 'handOver',
			find: 'task.unwatch();',
			put: ';',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'a create under way is forgotten at the end of its run',
			find: "task.life.is === 'creating'",
			within: 'handOver',
			put: 'false',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'Stop cancels tasks of a run that n8n has recorded',
			find: 'if (task.item.run.isRecorded) return;',
			put: ';',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'an unclear create on Stop is taken for one that was told',
			find: "life.is === 'unconfirmed' && item.stop.aborted",
			put: 'false',
			caughtBy: 'unit/run/cancelOnStop',
		},
		{
			name: 'a task that was left on Stop is left for good',
			within: 'recall',
			find: 'return this.add(task);',
			put: 'return task;',
			caughtBy: 'unit/run/cancelOnStop',
		},
	]),
	...mutantsOf('run/task', 'unit/run/tasks', [
		{
			name: 'an expression that yields another body creates a second task',
			find: 'isTool && key !== undefined',
			put: 'key !== undefined',
		},
		{
			name: 'two calls of an agent are one task',
			find: 'isTool && key !== undefined',
			put: 'false',
		},
	]),
];
