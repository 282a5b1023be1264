import { nextLife } from '../../../nodes/GptImage1/run/taskState';
import type { TaskEvent, TaskLife } from '../../../nodes/GptImage1/run/taskState';

type State = TaskLife['is'];
type Event = TaskEvent['is'];

const EVENTS = ['created', 'notCreated', 'unclear', 'succeeded', 'ended'] as const;

/** Every step that there is: of each state the events that may come, and where they lead. */
const STEPS: Record<State, Partial<Record<Event, State>>> = {
	creating: { created: 'open', notCreated: 'discarded', unclear: 'unconfirmed' },
	open: { succeeded: 'succeeded', ended: 'discarded' },
	succeeded: { succeeded: 'succeeded', ended: 'discarded' },
	discarded: { ended: 'discarded', succeeded: 'discarded' },
	unconfirmed: {},
};

const TASK = { requestId: 'mmsu_1', fields: { queue_position: 3 } };
const lifeThat = (is: State) =>
	({ is, ...((is === 'open' || is === 'succeeded') && TASK) }) as TaskLife;
const next = (from: State, event: Event) =>
	nextLife(lifeThat(from), { is: event, ...(event === 'created' && TASK) } as TaskEvent);

test.each(Object.keys(STEPS) as State[])('what becomes of a task that is %s', (from) => {
	for (const event of EVENTS) {
		const to = STEPS[from][event];
		if (to) expect(next(from, event)).toEqual(lifeThat(to));
		else expect(() => next(from, event)).toThrow(`is ${from} cannot become ${event}`);
	}
});
