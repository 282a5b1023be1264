import type { Run } from '../harness/run';
import type { Situation } from './fixture';
import { CONTINUE, ERROR_OUTPUT, FORBIDDEN, refused, tries, useFixture } from './fixture';

/** Stop at any moment, in real time: what ends, what is cancelled, and that nothing follows. */

const fixture = useFixture();

/** Polls often enough that one more would be seen within `AFTERWARDS_MS`. */
const OFTEN = { pollInterval: 0.5 };
/** Whoever waits for the next poll waits longer than the test may take. */
const SELDOM = { pollInterval: 3600 };
const AFTERWARDS_MS = 600;

/** Stops a run, which then has to end. @returns what has arrived from then on, until some time after the end */
async function stop(run: Run) {
	const before = fixture.requests().length;
	run.stop();
	const execution = await run.ended;
	await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
	expect(execution.status).toBe('canceled');
	fixture.expectNoKey(execution);
	const after = fixture.requests().slice(before);
	return after.map(({ call, status }) => `${call} ${status}`);
}

type Case = {
	/** What the service does: it lets the task run forever unless told otherwise. */
	service?: () => void;
	parameters?: () => object;
	situation?: Situation;
	/** When Stop comes: once a status has been answered. */
	when?: () => Promise<unknown>;
	/** The calls from then on, and their statuses: the cancel. */
	after?: string[];
};

const CASES: Record<string, Case> = {
	'between two polls, and no poll follows': {},
	'under Continue': { situation: { settings: CONTINUE } },
	'under Continue (using error output)': { situation: { settings: ERROR_OUTPUT } },
	'under Retry On Fail, which does not try again': { situation: { settings: tries(3) } },
	'during its create, which is not aborted: its response is used to cancel': {
		service: () => fixture.emulator.configure({ latency: 300 }),
		when: () => fixture.arrived('create'),
	},
	'while items wait for a permit: those are never created': {
		parameters: () => ({ options: { ...OFTEN, maxTasksInFlight: 1 } }),
		situation: { items: [{}, {}, {}] },
	},
	'during a status call, which is aborted': {
		service: () => fixture.emulator.answerNext('status', 'hang'),
		when: () => fixture.arrived('status'),
	},
	'while Get Result waits': {
		parameters: () => ({
			operation: 'getResult',
			requestId: fixture.emulator.addTask({}, 'stuckInQueue').id,
		}),
	},
	'during the sleep before a poll, which ends': {
		parameters: () => ({ options: SELDOM }),
		async when() {
			const { requestId } = await fixture.answered('create');
			// Another run, which the node serves after it has read the response to the create.
			await fixture.run({ operation: 'getStatus', requestId });
		},
	},
	'with Cancel on Stop off': {
		parameters: () => ({ options: { ...OFTEN, cancelOnStop: false } }),
		after: [],
	},
	'when the cancel is refused, which is not repeated': {
		service: () => fixture.emulator.answerNext('cancel', FORBIDDEN),
		after: ['cancel 403'],
	},
	'also when the first cancel fails': {
		service: () => fixture.emulator.answerNext('cancel', 'error500'),
		after: ['cancel 500', 'cancel 202'],
	},
	'during a result call: the task is not cancelled': {
		service: () => {
			fixture.emulator.answerNext('status', { status: 200, body: { status: 'COMPLETED' } });
			fixture.emulator.answerNext('result', 'hang');
		},
		when: () => fixture.arrived('result'),
		after: [],
	},
	'for a task that has ended, during the download of its image: no cancel is sent': {
		service: () => fixture.emulator.answerNext('image', 'hang'),
		parameters: () => ({ operation: 'getResult', requestId: fixture.endedTask() }),
		when: () => fixture.arrived('image'),
		after: [],
	},
	'during the pause before a call of Get Status is repeated: the task is not cancelled': {
		service: () => fixture.emulator.answerNext('status', refused(50)),
		parameters: () => ({ operation: 'getStatus', requestId: fixture.emulator.addTask().id }),
		after: [],
	},
	'during the pause before a refused create is repeated: nothing is sent': {
		service: () => fixture.emulator.answerNext('create', refused(50)),
		when: () => fixture.answered('create'),
		after: [],
	},
};

test.each(Object.entries(CASES))('%s', async (_what, theCase) => {
	const { service, parameters, situation, after = ['cancel 202'] } = theCase;
	const { when = () => fixture.answered('status') } = theCase;
	fixture.emulator.play('stuckInProgress');
	service?.();
	const run = fixture.start({ prompt: 'x', options: OFTEN, ...parameters?.() }, situation);
	await when();
	expect(await stop(run)).toEqual(after);
	expect(fixture.requests().filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
});
