import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Scenario, ScenarioName } from '../emulator';
import { CONTINUE, FORBIDDEN, useFixture } from './fixture';
import type { Settings } from './workflows';

/** Nothing outlives its execution: n8n's process runs for months. */

const fixture = useFixture({ progress: { byReads: 1 } });

const EXECUTIONS = 20;

/** Every abort signal that is made. */
const signals: Array<WeakRef<AbortSignal>> = [];
const { AbortController: Original } = globalThis;
globalThis.AbortController = class extends Original {
	constructor() {
		super();
		signals.push(new WeakRef(this.signal));
	}
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test.each<[string, ScenarioName | Scenario, Settings?]>([
	['succeed', {}],
	['fail at a status, under Continue', { faults: { status: () => FORBIDDEN } }, CONTINUE],
	['are stopped', 'stuckInQueue'],
])('executions that %s leave no abort signal behind', async (how, scenario, settings = {}) => {
	signals.length = 0;
	fixture.emulator.play(scenario, { times: EXECUTIONS });
	const parameters = { prompt: 'x', options: { pollInterval: 0.5 } };
	const runs = Array.from({ length: EXECUTIONS }, () => fixture.start(parameters, { settings }));
	if (how === 'are stopped') await fixture.answered('status', EXECUTIONS);
	else for (const { ended } of runs) await ended;
	// The harness keeps its runs until it is told to let go.
	runs.length = 0;
	await fixture.endRuns();
	await new Promise((resolve) => setTimeout(resolve, 50));
	collectGarbage();
	expect(signals.length).toBeGreaterThan(EXECUTIONS);
	// Fewer than one for two executions: what is left is n8n's.
	const left = signals.filter((signal) => signal.deref() !== undefined);
	expect(left.length).toBeLessThan(EXECUTIONS / 2);
});
