import { setTimeout as sleep } from 'node:timers/promises';
import { useN8n } from '../runningN8n';
import { arrived } from '../tasks';
import { call, publish } from '../webhooks';
import { imageNode, imageWorkflow, inARow, webhook } from '../workflow';

/** For so long a request that was on its way when Stop was pressed may arrive. */
const ON_ITS_WAY_MS = 1000;

/** For so long nothing more may come. */
const QUIET_MS = 2000;

describe('Stop', () => {
	const n8n = useN8n();

	/**
	 * Presses Stop. Every task that was made is cancelled, once, and nothing else is sent after the
	 * end.
	 *
	 * @param pressed called as soon as n8n has taken the Stop
	 */
	async function stop(id: string, tasks: number, pressed = () => {}): Promise<void> {
		const { client, emulator } = n8n;
		await client.stopExecution(id);
		pressed();
		expect((await client.waitForExecution(id)).status).toBe('canceled');
		await sleep(ON_ITS_WAY_MS);
		const ended = Date.now();
		await arrived(emulator.cancels, tasks);
		await sleep(QUIET_MS);
		const cancels = emulator.cancels();
		const ids = cancels.map(({ requestId }) => requestId).sort();
		expect(ids).toEqual([...emulator.tasks.keys()].sort());
		expect(cancels.map(({ status }) => status)).toEqual(Array(tasks).fill(202));
		const late = emulator.requests.filter(({ at }) => at > ended);
		expect(late.filter((request) => request.call !== 'cancel')).toEqual([]);
	}

	test('during the wait of 25 tasks: each of them is cancelled, and nothing else is sent', async () => {
		const { emulator } = n8n;
		// Two more wait for their turn: those make no task.
		const prompts = Array.from({ length: 27 }, (_, index) => `image ${index} [stuckInProgress]`);
		const options = { maxTasksInFlight: 25 };
		const id = await n8n.start(imageWorkflow('Stop 25', { prompts, options }));
		await arrived(emulator.creates, 25);
		await arrived(emulator.statusReads, 1);
		await stop(id, 25);
	});

	test('during the create: the task is cancelled as soon as its id is known', async () => {
		const { emulator } = n8n;
		let answer!: () => void;
		const stopped = new Promise<void>((resolve) => (answer = resolve));
		emulator.play({ create: () => ({ until: stopped }) }, { times: 3 });
		const prompts = ['a cat', 'a dog', 'a cow'];
		const id = await n8n.start(imageWorkflow('Stop in the create', { prompts }));
		await arrived(emulator.creates, 3);
		await stop(id, 3, answer);
		expect(emulator.statusReads()).toHaveLength(0);
	});

	test('of an active workflow, from the executions list: its task is cancelled', async () => {
		const { client, emulator } = n8n;
		const nodes = [webhook(), imageNode({ parameters: { prompt: '={{ $json.body.prompt }}' } })];
		const connections = inARow(...nodes);
		const service = await publish(n8n, { name: 'Image service', nodes, connections });
		await call(service, { prompt: 'a cat [stuckInProgress]' });
		await arrived(emulator.statusReads, 1);
		const [running] = await client.executions(service.id);
		expect(running!.mode).toBe('webhook');
		await stop(running!.id, 1);
		await client.deactivateWorkflow(service.id);
	});
});
