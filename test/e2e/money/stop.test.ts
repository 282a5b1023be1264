import type { RecordedRequest } from '../../emulator';
import { imageWorkflow } from '../workflow';
import { useWorld } from '../world';
import type { World } from '../world';
import { stop, until } from './stopping';
import type { Stopped } from './stopping';

const stuck = (count: number) =>
	Array.from({ length: count }, (_, index) => `picture ${index + 1} [stuckInProgress]`);

const idsOf = (requests: RecordedRequest[]) => requests.map(({ requestId }) => requestId).sort();

/** Every task that was made is cancelled, once, and nothing else is sent after the end. */
async function expectAllCancelled({ emulator }: World, { execution, late }: Stopped) {
	expect(execution.status).toBe('canceled');
	await until(emulator.cancels, emulator.tasks.size);
	expect(idsOf(emulator.cancels())).toEqual([...emulator.tasks.keys()].sort());
	expect(emulator.cancels().map(({ status }) => status)).toEqual(
		Array(emulator.tasks.size).fill(202),
	);
	expect(late.filter(({ call }) => call !== 'cancel')).toEqual([]);
}

describe('Stop', () => {
	const world = useWorld();

	test('during the wait: the task is cancelled', async () => {
		const { emulator } = world;
		const id = await world.start(imageWorkflow('Stop in the wait', { prompts: stuck(1) }));
		await until(emulator.statusReads, 2);
		await expectAllCancelled(world, await stop(world, id));
	});

	test('during the wait of 25 tasks: each of them is cancelled, and nothing else is sent', async () => {
		const { emulator } = world;
		const id = await world.start(
			imageWorkflow('Stop 25', { prompts: stuck(25), options: { maxTasksInFlight: 30 } }),
		);
		await until(emulator.creates, 25);
		await until(emulator.statusReads, 1);
		await expectAllCancelled(world, await stop(world, id));
		expect(emulator.tasks.size).toBe(25);
	});

	test('with items that wait for their turn: those make no task', async () => {
		const { emulator } = world;
		const id = await world.start(
			imageWorkflow('Stop with a queue', { prompts: stuck(6), options: { maxTasksInFlight: 2 } }),
		);
		await until(emulator.statusReads, 2);
		await expectAllCancelled(world, await stop(world, id));
		expect(emulator.creates()).toHaveLength(2);
	});

	test('during the download: nothing that has ended is cancelled, what is open is', async () => {
		const { emulator } = world;
		const id = await world.start(
			imageWorkflow('Stop in the download', {
				prompts: ['done [imageHangs]', 'open [stuckInProgress]'],
			}),
		);
		await until(emulator.downloads, 1);
		const { execution, after, late } = await stop(world, id);
		expect(execution.status).toBe('canceled');
		expect(emulator.downloads()[0]!.endedAt).toBeDefined();
		// A look may leave n8n while Stop is on its way to it.
		const calls = after.map(({ call }) => call).filter((call) => call !== 'status');
		expect(calls).toEqual(['cancel']);
		const open = [...emulator.tasks.values()].find(({ parameters }) =>
			parameters.prompt.startsWith('open'),
		);
		expect(idsOf(emulator.cancels())).toEqual([open!.id]);
		expect(late).toEqual([]);
	});

	test('with "Cancel on Stop" off: the execution ends, the tasks run on', async () => {
		const { emulator } = world;
		const id = await world.start(
			imageWorkflow('Stop without cancel', {
				prompts: stuck(3),
				options: { cancelOnStop: false },
			}),
		);
		await until(emulator.statusReads, 3);
		const { execution, after } = await stop(world, id);
		expect(execution.status).toBe('canceled');
		expect(after).toEqual([]);
	});

	test('a task that ends just before its cancel arrives: nobody is told of an error', async () => {
		const { emulator } = world;
		const id = await world.start(
			imageWorkflow('Stop too late', { prompts: ['a cat [alreadyCompletedAtCancel]'] }),
		);
		await until(emulator.statusReads, 1);
		const { execution, late } = await stop(world, id);
		expect(execution.status).toBe('canceled');
		expect(emulator.cancels().map(({ status }) => status)).toEqual([400]);
		expect(late).toEqual([]);
	});
});

describe('Stop while the service is slow to answer a create', () => {
	const world = useWorld({ latency: 600 });

	test('during the create: the task is cancelled as soon as its id is known', async () => {
		const { emulator } = world;
		const id = await world.start(
			imageWorkflow('Stop in the create', { prompts: ['a cat', 'a dog', 'a cow'] }),
		);
		await until(emulator.creates, 1);
		const stopped = await stop(world, id);
		expect(emulator.statusReads()).toHaveLength(0);
		await expectAllCancelled(world, stopped);
	});
});
