import type { RecordedRequest } from '../../emulator';
import { useN8n } from '../runningN8n';
import type { RunningN8n } from '../runningN8n';
import { tasksFor } from '../tasks';
import { imageWorkflow } from '../workflow';
import { arrived, stop } from './stopping';
import type { Stopped } from './stopping';

const stuck = (count: number) =>
	Array.from({ length: count }, (_, index) => `picture ${index + 1} [stuckInProgress]`);

const idsOf = (requests: RecordedRequest[]) => requests.map(({ requestId }) => requestId).sort();

/** Every task that was made is cancelled, once, and nothing else is sent after the end. */
function expectAllCancelled({ emulator }: RunningN8n, { execution, late }: Stopped) {
	expect(execution.status).toBe('canceled');
	expect(idsOf(emulator.cancels())).toEqual([...emulator.tasks.keys()].sort());
	expect(emulator.cancels().map(({ status }) => status)).toEqual(
		Array(emulator.tasks.size).fill(202),
	);
	expect(late).toEqual([]);
}

describe('Stop', () => {
	const n8n = useN8n();

	test('during the wait: the task is cancelled', async () => {
		const { emulator } = n8n;
		const id = await n8n.start(imageWorkflow('Stop in the wait', { prompts: stuck(1) }));
		await arrived(emulator.statusReads, 2);
		expectAllCancelled(n8n, await stop(n8n, id, 1));
	});

	test('during the wait of 25 tasks: each of them is cancelled, and nothing else is sent', async () => {
		const { emulator } = n8n;
		const id = await n8n.start(
			imageWorkflow('Stop 25', { prompts: stuck(25), options: { maxTasksInFlight: 30 } }),
		);
		await arrived(emulator.creates, 25);
		await arrived(emulator.statusReads, 1);
		expectAllCancelled(n8n, await stop(n8n, id, 25));
		expect(emulator.tasks.size).toBe(25);
	});

	test('with items that wait for their turn: those make no task', async () => {
		const { emulator } = n8n;
		const id = await n8n.start(
			imageWorkflow('Stop with a queue', { prompts: stuck(6), options: { maxTasksInFlight: 2 } }),
		);
		await arrived(emulator.statusReads, 2);
		expectAllCancelled(n8n, await stop(n8n, id, 2));
		expect(emulator.creates()).toHaveLength(2);
	});

	test('during the download: nothing that has ended is cancelled, what is open is', async () => {
		const { emulator } = n8n;
		const open = 'open [stuckInProgress]';
		const id = await n8n.start(
			imageWorkflow('Stop in the download', { prompts: ['done [imageHangs]', open] }),
		);
		await arrived(emulator.downloads, 1);
		await arrived(() => tasksFor(n8n, open).flatMap((task) => emulator.statusReads(task.id)), 1);
		const { execution, after, late } = await stop(n8n, id, 1);
		expect(execution.status).toBe('canceled');
		expect(emulator.downloads()[0]!.endedAt).toBeDefined();
		// A poll may leave n8n while Stop is on its way to it.
		const calls = after.map(({ call }) => call).filter((call) => call !== 'status');
		expect(calls).toEqual(['cancel']);
		expect(idsOf(emulator.cancels())).toEqual([tasksFor(n8n, open)[0]!.id]);
		expect(late).toEqual([]);
	});

	test('with "Cancel on Stop" off: the execution ends, the tasks run on', async () => {
		const { emulator } = n8n;
		const id = await n8n.start(
			imageWorkflow('Stop without cancel', {
				prompts: stuck(3),
				options: { cancelOnStop: false },
			}),
		);
		await arrived(emulator.statusReads, 3);
		const { execution, after, late } = await stop(n8n, id, 0);
		expect(execution.status).toBe('canceled');
		// A poll may leave n8n while Stop is on its way to it.
		expect(after.filter(({ call }) => call !== 'status')).toEqual([]);
		expect(late).toEqual([]);
	});

	test('a task that ends just before its cancel arrives: no error is shown', async () => {
		const { emulator } = n8n;
		const id = await n8n.start(
			imageWorkflow('Stop too late', { prompts: ['a cat [alreadyCompletedAtCancel]'] }),
		);
		await arrived(emulator.statusReads, 1);
		const { execution, late } = await stop(n8n, id, 1);
		expect(execution.status).toBe('canceled');
		expect(emulator.cancels().map(({ status }) => status)).toEqual([400]);
		expect(late).toEqual([]);
	});

	test('during the create: the task is cancelled as soon as its id is known', async () => {
		const { emulator } = n8n;
		let answer!: () => void;
		const stopped = new Promise<void>((resolve) => (answer = resolve));
		emulator.play({ create: () => ({ until: stopped }) }, { times: 3 });
		const id = await n8n.start(
			imageWorkflow('Stop in the create', { prompts: ['a cat', 'a dog', 'a cow'] }),
		);
		await arrived(emulator.creates, 3);
		expectAllCancelled(n8n, await stop(n8n, id, 3, answer));
		expect(emulator.statusReads()).toHaveLength(0);
	});
});
