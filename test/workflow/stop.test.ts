import { setTimeout } from 'node:timers/promises';
import { useFixture } from './fixture';

/** Stop at any moment, in real time: what ends, what is cancelled, and that nothing follows. */

const fixture = useFixture();

/** Polls often enough that one more would be seen within `AFTERWARDS_MS`. */
const OFTEN = { pollInterval: 0.5 };
const AFTERWARDS_MS = 600;

type Case = {
	/** What the service does: it lets the task run forever unless told otherwise. */
	service?: () => void;
	parameters?: () => object;
	items?: object[];
	/** When Stop comes: once a status has been answered. */
	when?: () => Promise<unknown>;
	/** The calls from then on, and their statuses: the cancel. */
	after?: string[];
};

const CASES: Record<string, Case> = {
	'between two polls, and no poll follows': {},
	'during its create, which is not aborted: its response is used to cancel': {
		service: () => fixture.emulator.configure({ latency: 300 }),
		when: () => fixture.arrived('create'),
	},
	'while items wait for a permit: those are never created': {
		parameters: () => ({ options: { ...OFTEN, maxTasksInFlight: 1 } }),
		items: [{}, {}, {}],
	},
	// One byte in 0.3 s: longer than a test may take.
	'during a status call that drips, which is aborted': {
		service: () => fixture.emulator.answerNext('status', 'drip', 100),
	},
	'while Get Result waits': {
		parameters: () => ({
			operation: 'getResult',
			requestId: fixture.emulator.addTask({}, 'stuckInQueue').id,
		}),
	},
	'with Cancel on Stop off': {
		parameters: () => ({ options: { ...OFTEN, cancelOnStop: false } }),
		after: [],
	},
	'for a task that has ended, during the download of its image: no cancel is sent': {
		service: () => fixture.emulator.answerNext('image', 'hang'),
		parameters: () => ({ operation: 'getResult', requestId: fixture.endedTask() }),
		when: () => fixture.arrived('image'),
		after: [],
	},
};

test.each(Object.entries(CASES))('%s', async (_what, theCase) => {
	const { service, parameters, items, after = ['cancel 202'] } = theCase;
	const { when = () => fixture.answered('status') } = theCase;
	fixture.emulator.play('stuckInProgress');
	service?.();
	const run = fixture.start({ prompt: 'x', options: OFTEN, ...parameters?.() }, { items });
	await when();
	const before = fixture.requests().length;
	run.stop();
	const execution = await run.ended;
	await setTimeout(AFTERWARDS_MS);
	expect(execution.status).toBe('canceled');
	fixture.expectNoKey(execution);
	const since = fixture.requests().slice(before);
	expect(since.map(({ call, status }) => `${call} ${status}`)).toEqual(after);
	expect(fixture.requests().filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
});
