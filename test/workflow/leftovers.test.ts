import { Session } from 'node:inspector';
import type { Run } from '../harness/run';
import type { Situation } from './fixture';
import { useFixture } from './fixture';

/** Nothing outlives its execution: n8n's process runs for months. */

const fixture = useFixture({ progress: { byReads: 1 } });

const EXECUTIONS = 20;
const AT_A_TIME = 10;

let session: Session;
beforeAll(() => {
	session = new Session();
	session.connect();
});
afterAll(() => session.disconnect());

const ask = async <Answer>(method: string, parameters: object = {}): Promise<Answer> =>
	await new Promise((resolve, reject) =>
		session.post(method, parameters, (error, answer) =>
			error ? reject(new Error(JSON.stringify(error))) : resolve(answer as Answer),
		),
	);

type Remote = { objectId: string };

/** How many abort signals are alive in this process; the query itself collects garbage first. */
async function aliveSignals(): Promise<number> {
	await new Promise((resolve) => setTimeout(resolve, 50));
	const objectGroup = 'leftovers';
	const evaluated = { expression: 'AbortSignal.prototype', objectGroup };
	const { result } = await ask<{ result: Remote }>('Runtime.evaluate', evaluated);
	const query = { prototypeObjectId: result.objectId, objectGroup };
	const { objects } = await ask<{ objects: Remote }>('Runtime.queryObjects', query);
	const count = await ask<{ result: { value: number } }>('Runtime.callFunctionOn', {
		objectId: objects.objectId,
		functionDeclaration: 'function () { return this.length; }',
		returnByValue: true,
	});
	await ask('Runtime.releaseObjectGroup', { objectGroup });
	return count.result.value;
}

type Kind = {
	prepare?: () => void;
	situation?: Situation;
	meanwhile?: (run: Run) => Promise<void>;
};

const parameters = { prompt: 'x', options: { pollInterval: 0.5 } };

const KINDS: Record<string, Kind> = {
	succeed: {},
	fail: { prepare: () => fixture.emulator.play('failsWithInferenceFailure') },
	'fail at a status, under Continue': {
		prepare: () => fixture.emulator.answerNext('status', { status: 403, body: {} }),
		situation: { settings: { onError: 'continueRegularOutput' } },
	},
	'are stopped': {
		prepare: () => fixture.emulator.play('stuckInQueue'),
		meanwhile: async (run) => {
			const ids = new Set(fixture.emulator.cancels().map(({ requestId }) => requestId));
			await fixture.emulator.whenRequested(
				({ call, status, requestId }) => call === 'create' && status > 0 && !ids.has(requestId),
			);
			await new Promise((resolve) => setTimeout(resolve, 20));
			run.stop();
		},
	},
};

async function execute({ prepare, situation, meanwhile }: Kind): Promise<void> {
	prepare?.();
	const run = fixture.start(parameters, situation);
	await meanwhile?.(run);
	await run.ended;
}

/** Cancels may go out for some seconds after Stop. */
async function untilCancelled(): Promise<void> {
	const open = () => [...fixture.emulator.tasks.values()].some(({ ending }) => !ending);
	for (let times = 0; times < 100 && open(); times++) {
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

async function executeMany(kind: Kind, count: number): Promise<void> {
	for (let left = count; left > 0; left -= AT_A_TIME) {
		await Promise.all(Array.from({ length: AT_A_TIME }, async () => await execute(kind)));
	}
	if (kind.meanwhile) await untilCancelled();
	// The harness keeps its runs until it is told to let go.
	await fixture.endRuns();
	fixture.emulator.reset();
}

let before: number;
beforeAll(async () => {
	for (const kind of Object.values(KINDS)) await executeMany(kind, AT_A_TIME);
	before = await aliveSignals();
}, 60_000);

test.each(Object.entries(KINDS))(
	'executions that %s leave no abort signal behind',
	async (_name, kind) => {
		await executeMany(kind, EXECUTIONS);
		const now = await aliveSignals();
		const left = now - before;
		before = now;
		// Fewer than one for two executions: what is left is not theirs.
		expect(left).toBeLessThan(EXECUTIONS / 2);
	},
	60_000,
);
