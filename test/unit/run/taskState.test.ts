import { nextLife } from '../../../nodes/GptImage1/run/taskState';
import type { TaskEvent, TaskLife } from '../../../nodes/GptImage1/run/taskState';

const TASK = { requestId: 'mmsu_1', fields: { queue_position: 3 } };

const LIVES: Record<TaskLife['is'], TaskLife> = {
	creating: { is: 'creating' },
	open: { is: 'open', ...TASK },
	succeeded: { is: 'succeeded', ...TASK },
	discarded: { is: 'discarded' },
	unconfirmed: { is: 'unconfirmed' },
};

const EVENTS: Record<TaskEvent['is'], TaskEvent> = {
	created: { is: 'created', ...TASK },
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

const IMPOSSIBLE = Object.values(LIVES).flatMap((life) =>
	Object.values(EVENTS)
		.filter((event) => !STEPS.some(([from, is]) => from === life.is && is === event.is))
		.map((event) => ({ life, event })),
);

test.each(IMPOSSIBLE)('a task that is $life.is cannot become $event.is', ({ life, event }) => {
	const said = `A task that is ${life.is} cannot become ${event.is}`;
	expect(() => nextLife(life, event)).toThrow(said);
});
