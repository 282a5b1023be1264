import { Readable } from 'node:stream';
import { KeyedSender } from '../../../nodes/GptImage1/run/sendWithKey';
import { CredentialUnavailable } from '../../../nodes/GptImage1/service/networkFailure';

const request = { url: '/x' };
const { signal } = new AbortController();

/** n8n's functions for an item: how the credential is read, and which key a request is sent with. */
const getCredentials = jest.fn(async () => ({ apiKey: 'key-123' }));
const sent = jest.fn();

const helpers = {
	async httpRequestWithAuthentication(this: { getCredentials: typeof getCredentials }) {
		const { apiKey } = await this.getCredentials().catch((cause: Error) => {
			throw new Error('As n8n words it', { cause });
		});
		sent(apiKey);
		return { statusCode: 200, headers: {}, body: Readable.from([]) };
	},
};

test('a credential that could not be read is read again for the next call', async () => {
	const sender = new KeyedSender({ getCredentials, helpers } as never);
	getCredentials.mockRejectedValueOnce(new Error('The store is closed'));
	await expect(sender.send(request, signal)).rejects.toThrow(CredentialUnavailable);
	expect(sent).not.toHaveBeenCalled();
	expect((await sender.send(request, signal)).status).toBe(200);
	expect(sent).toHaveBeenCalledWith('key-123');
});

test('one that was prepared is read no more', async () => {
	const sender = new KeyedSender({ getCredentials, helpers } as never);
	getCredentials.mockClear();
	await sender.prepare();
	await sender.send(request, signal);
	expect(getCredentials).toHaveBeenCalledTimes(1);
	expect(sender.redact('say key-123')).toBe('say [the API key]');
});
