import { Readable } from 'node:stream';
import { KeyedSender } from '../../../nodes/GptImage1/run/sendWithKey';
import { CredentialUnavailable } from '../../../nodes/GptImage1/service/networkFailure';

type Caller = { getCredentials: () => Promise<{ apiKey: string }> };

/** n8n's functions for an item, whose credential is read by `read`. */
function senderWith(read: Caller['getCredentials']) {
	const sent = jest.fn();
	const context = {
		getCredentials: read,
		helpers: {
			async httpRequestWithAuthentication(this: Caller, _type: string, request: object) {
				const { apiKey } = await this.getCredentials().catch((cause: Error) => {
					throw new Error('As n8n words it', { cause });
				});
				sent(request, apiKey);
				return { statusCode: 200, headers: {}, body: Readable.from([]) };
			},
		},
	};
	return { sender: new KeyedSender(context as never), sent };
}

const request = { url: '/x' };
const { signal } = new AbortController();

test('a credential that could not be read is read again for the next call', async () => {
	const read = jest
		.fn<Promise<{ apiKey: string }>, []>()
		.mockRejectedValueOnce(new Error('The store is closed'))
		.mockResolvedValue({ apiKey: 'key-123' });
	const { sender, sent } = senderWith(read);
	await expect(sender.send(request, signal)).rejects.toThrow(CredentialUnavailable);
	expect(sent).not.toHaveBeenCalled();
	expect((await sender.send(request, signal)).status).toBe(200);
	expect(sent).toHaveBeenCalledWith(request, 'key-123');
});

test('one that was prepared is read no more', async () => {
	const read = jest.fn(async () => await Promise.resolve({ apiKey: 'key-123' }));
	const { sender } = senderWith(read);
	await sender.prepare();
	await sender.send(request, signal);
	expect(read).toHaveBeenCalledTimes(1);
	expect(sender.redact('say key-123')).toBe('say [the API key]');
});
