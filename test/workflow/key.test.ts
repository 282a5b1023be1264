import { useSimulatedFixture } from './fixture';
import { expectFailure, runAnswered } from './cannedResponses';

/** The API key goes to the service, and never into anything that leaves the node. */

const fixture = useSimulatedFixture();

const PLACEHOLDER = '[the API key]';

test('a wrong key is kept out of everything', async () => {
	const credential = { ...fixture.credential, apiKey: 'another-key-altogether' };
	const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
	expectFailure(
		fixture,
		execution,
		'Could not create the task: SeaArt Cloud rejected the API key (HTTP 401) [item 0]',
		"Open the 'SeaArt API' credential",
	);
	expect(fixture.calls()).toEqual(['create']);
	fixture.expectNoKey(execution, 'another-key-altogether');
});

test('the key is replaced where the service repeats it in an error', async () => {
	const { key } = fixture.emulator;
	const echo = { status: 401, body: { error: `The key ${key} is not known` } };
	const { execution } = await runAnswered(fixture, 'generate', echo);
	expect(execution.error?.description).toContain(`"The key ${PLACEHOLDER} is not known"`);
	fixture.expectNoKey(execution);
});

test('the key is replaced where the service repeats it in a response that becomes an item', async () => {
	const { key } = fixture.emulator;
	const { id } = fixture.emulator.addTask();
	const logs = [{ message: `seen ${key} twice: ${key}` }];
	const body = { request_id: id, status: 'IN_PROGRESS', logs, [`x-${key}`]: 1 };
	fixture.emulator.answerNext('status', { status: 200, body });
	const execution = await fixture.run({ operation: 'getStatus', requestId: id });
	expect(execution.rows('Image')[0]?.json.logs).toEqual([
		{ message: `seen ${PLACEHOLDER} twice: ${PLACEHOLDER}` },
	]);
	fixture.expectNoKey(execution);
});

test('the key is replaced where the credential has blanks around it', async () => {
	const { key } = fixture.emulator;
	const credential = { ...fixture.credential, apiKey: ` ${key}\n` };
	fixture.emulator.answerNext('create', { status: 402, body: { error: `No credits for ${key}` } });
	const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.description).toContain(`"No credits for ${PLACEHOLDER}"`);
	fixture.expectNoKey(execution);
});

test('a key that an expression gives as a number is sent as text', async () => {
	const credential = { ...fixture.credential, apiKey: 123456 };
	const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.message).toContain('rejected the API key');
	expect(fixture.emulator.requests[0]?.headers.authorization).toBe('Bearer 123456');
});
