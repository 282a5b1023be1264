import type { IBinaryData } from 'n8n-workflow';
import { breaking, image, ImageHost } from './imageHost';
import { smallPng } from './pictures';

/** What n8n's storage is blamed for, and what it is not. */

let png: Buffer;
beforeAll(async () => {
	png = await smallPng();
});

test.each([
	[new Error('disk full'), 'disk full'],
	['no space', 'no space'],
	[new Error(`a\nb ${'x'.repeat(5000)}`), `a b ${'x'.repeat(495)}…`],
])('a storage that has failed is not used again (%#)', async (error, reason) => {
	const store = async () => await Promise.reject(error as Error);
	const host = new ImageHost([image(png)], { store });
	expect(await host.download()).toEqual({ kind: 'storage', reason });
	expect([host.asked.length, host.open]).toEqual([1, 0]);
});

test.each<[string, () => Promise<IBinaryData>]>([
	['an error of its own', async () => await Promise.reject(new Error('upload failed'))],
	['success', async () => ({}) as IBinaryData],
])('a storage is not blamed if it answers a broken connection with %s', async (_what, end) => {
	const host = new ImageHost([breaking(png.subarray(0, 50))], {
		async store(stream) {
			try {
				for await (const _part of stream);
			} catch {}
			return await end();
		},
	});
	expect(await host.download()).toEqual({ kind: 'network', code: 'ECONNRESET' });
	expect(host.asked).toHaveLength(6);
});
