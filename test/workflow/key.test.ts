import { useSimulatedFixture } from './fixture';
import { expectFailure } from './cannedResponses';

/** Keys that are not those of the service. */

const fixture = useSimulatedFixture();

test.each([
	['a wrong key is kept out of everything', 'another-key-altogether'],
	['a key that an expression gives as a number is sent as text', 123456],
])('%s', async (_what, apiKey) => {
	const credential = { ...fixture.credential, apiKey };
	const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
	expectFailure(
		fixture,
		execution,
		'Could not create the task: SeaArt Cloud rejected the API key (HTTP 401) [item 0]',
		"Open the 'SeaArt API' credential",
	);
	const bearers = fixture.requests().map(({ call, headers }) => [call, headers.authorization]);
	expect(bearers).toEqual([['create', `Bearer ${apiKey}`]]);
	fixture.expectNoKey(execution, String(apiKey));
});
