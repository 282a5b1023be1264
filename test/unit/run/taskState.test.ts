import { nextLife } from '../../../nodes/GptImage1/run/taskState';
import type { TaskEvent, TaskLife } from '../../../nodes/GptImage1/run/taskState';

const LIVES: Record<TaskLife['is'], TaskLife> = {
	creating: { is: 'creating' },
	open: { is: 'open', requestId: 'mmsu_1', fields: { queue_position: 3 } },
	succeeded: { is: 'succeeded', requestId: 'mmsu_1', fields: { queue_position: 3 } },
	discarded: { is: 'discarded' },
	unconfirmed: { is: 'unconfirmed' },
};

const EVENTS: Record<TaskEvent['is'], TaskEvent> = {
	created: { is: 'created', requestId: 'mmsu_1', fields: { queue_position: 3 } },
	notCreated: { is: 'notCreated' },
	unclear: { is: 'unclear' },
	succeeded: { is: 'succeeded' },
	ended: { is: 'ended' },
};

/** Every step that there is, and where it leads. */
const STEPS: Array<[TaskLife['is'], TaskEvent['is'], TaskLife['is']]> = [
	['creating', 'created', 'open'],
	['creating', 'notCreated', 'discarded'],
	['creating', 'unclear', 'unconfirmed'],
	['open', 'succeeded', 'succeeded'],
	['open', 'ended', 'discarded'],
	['succeeded', 'succeeded', 'succeeded'],
	['succeeded', 'ended', 'discarded'],
	['discarded', 'ended', 'discarded'],
	['discarded', 'succeeded', 'discarded'],
];

test.each(STEPS)('a task that is %s, and %s, is %s', (from, event, to) => {
	expect(nextLife(LIVES[from], EVENTS[event])).toEqual(LIVES[to]);
});

const isStep = (from: string, event: string) =>
	STEPS.some(([one, other]) => one === from && other === event);

const IMPOSSIBLE = Object.keys(LIVES).flatMap((from) =>
	Object.keys(EVENTS)
		.filter((event) => !isStep(from, event))
		.map((event) => [from, event] as [TaskLife['is'], TaskEvent['is']]),
);

test.each(IMPOSSIBLE)('a task that is %s cannot become %s', (from, event) => {
	expect(() => nextLife(LIVES[from], EVENTS[event])).toThrow(
		`A task that is ${from} cannot become ${event}`,
	);
});
