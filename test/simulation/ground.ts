import { startEngine } from '../engine/engine';
import { Random } from './random';
import { drawScenario, workflowOf } from './scenario';
import type { Ground } from './simulate';
import { tellOfNodeRuns } from './simulate';
import { MemoryStorage } from './storage';

/** What all worlds of a process stand on: n8n's engine over the built package. */
export async function prepareGround(packageFolder?: string): Promise<Ground> {
	const engine = await startEngine(packageFolder ? { packages: [packageFolder] } : {});
	const rejections: unknown[] = [];
	process.removeAllListeners('unhandledRejection');
	process.on('unhandledRejection', (reason) => rejections.push(reason));
	const storage = MemoryStorage.install();
	// n8n starts timers of its own at its first run, which are to be none of a simulated one's. With
	// an empty prompt nothing is sent.
	const credential = { apiKey: 'none', baseUrl: 'http://localhost' };
	await engine.run(workflowOf({ ...drawScenario(new Random(1)), operation: 'generate' }), {
		credential,
		items: [{ json: { prompt: '', images: 1 } }],
	});
	return { engine, storage, onNodeRun: tellOfNodeRuns(engine), rejections };
}
