import { useSimulatedBench } from './bench';
import { expectFailure, runAnswered } from './cannedResponses';

/** The API key goes to the service, and never into anything that leaves the node. */

const bench = useSimulatedBench();

const PLACEHOLDER = '[the API key]';

test('a wrong key is kept out of everything', async () => {
	const credential = { ...bench.credential, apiKey: 'another-key-altogether' };
	const execution = await bench.run({ prompt: 'a red apple' }, { credential });
	expectFailure(
		bench,
		execution,
		'Could not create the task: SeaArt Cloud rejected the API key (HTTP 401) [item 0]',
		"Open the 'SeaArt API' credential",
	);
	expect(bench.calls()).toEqual(['create']);
	bench.expectNoKey(execution, 'another-key-altogether');
});

test('a service that repeats the key in an error', async () => {
	const { key } = bench.emulator;
	const echo = { status: 401, body: { error: `The key ${key} is not known` } };
	const { execution } = await runAnswered(bench, 'generate', echo);
	expect(execution.error?.description).toContain(`"The key ${PLACEHOLDER} is not known"`);
	bench.expectNoKey(execution);
});

test('a service that repeats the key in a response that becomes an item', async () => {
	const { key } = bench.emulator;
	const { id } = bench.emulator.addTask();
	const logs = [{ message: `seen ${key} twice: ${key}` }];
	const body = { request_id: id, status: 'IN_PROGRESS', logs, [`x-${key}`]: 1 };
	bench.emulator.answerNext('status', { status: 200, body });
	const execution = await bench.run({ operation: 'getStatus', requestId: id });
	expect(execution.rows('Image')[0]?.json.logs).toEqual([
		{ message: `seen ${PLACEHOLDER} twice: ${PLACEHOLDER}` },
	]);
	bench.expectNoKey(execution);
});

test('a service that repeats the key of a credential with blanks around it', async () => {
	const { key } = bench.emulator;
	const credential = { ...bench.credential, apiKey: ` ${key}\n` };
	bench.emulator.answerNext('create', { status: 402, body: { error: `No credits for ${key}` } });
	const execution = await bench.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.description).toContain(`"No credits for ${PLACEHOLDER}"`);
	bench.expectNoKey(execution);
});

test('a key that an expression gives as a number', async () => {
	const credential = { ...bench.credential, apiKey: 123456 };
	const execution = await bench.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.message).toContain('rejected the API key');
	expect(bench.emulator.requests[0]?.headers.authorization).toBe('Bearer 123456');
});
