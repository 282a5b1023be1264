import type { INodeParameters } from 'n8n-workflow';
import { freePort } from '../../n8n/port';
import { withCredential } from '../../n8n/demo';
import { imageWorkflow, TRIGGER } from '../workflow';
import { useN8n } from '../runningN8n';
import { useEditor } from './browsing';
import type { CredentialDialog } from './pages/credentialDialog';

const TYPE = 'SeaArt API';

describe('The credential', () => {
	const n8n = useN8n();
	const browse = useEditor();

	/** Adds the credential with these values, and has it tested by saving it. */
	const tested = async <T>(
		{ apiKey = n8n.emulator.key, baseUrl = n8n.emulator.baseUrl },
		read: (dialog: CredentialDialog) => Promise<T>,
	) =>
		await browse(async (editor) => {
			const dialog = await (await editor.credentials()).add(TYPE);
			await dialog.fill('apiKey', apiKey);
			await dialog.fill('baseUrl', baseUrl);
			await dialog.save();
			return await read(dialog);
		});

	const failure = async (dialog: CredentialDialog) => await dialog.failure();

	test('asks for the key and has the usual base URL filled in', async () => {
		await browse(async (editor) => {
			const dialog = await (await editor.credentials()).add(TYPE);
			expect((await dialog.fields()).slice(0, 2)).toEqual(['API Key', 'Base URL']);
			expect(await dialog.value('baseUrl')).toBe('https://cloud.seaart.ai/model');
		});
	});

	test('right key: the test succeeds, and costs nothing', async () => {
		await tested({}, async (dialog) => await dialog.success());
		expect(n8n.emulator.creates()).toHaveLength(0);
		expect(n8n.emulator.statusReads()).toHaveLength(1);
	});

	test('wrong key: it says that the key is unknown', async () => {
		expect(await tested({ apiKey: 'wrong' }, failure)).toContain(
			"SeaArt Cloud didn't recognize this API key",
		);
	});

	test('wrong host: it says that there is no connection', async () => {
		const baseUrl = `http://127.0.0.1:${await freePort()}/model`;
		expect(await tested({ baseUrl }, failure)).toMatch(/refused|reach/i);
	});

	test('right host, wrong path: it says that this is not the queue, and names the usual URL', async () => {
		const baseUrl = n8n.emulator.baseUrl.replace('/model', '/modle');
		expect(await tested({ baseUrl }, failure)).toContain("isn't SeaArt Cloud");
	});

	test.each<INodeParameters>([
		{ allowedHttpRequestDomains: 'none' },
		{ allowedHttpRequestDomains: 'domains', allowedDomains: 'n8n.example' },
	])(
		'closed to the HTTP Request node (%j), it serves this node at its own base URL',
		async (closed) => {
			const { client, emulator } = n8n;
			const { key: apiKey, baseUrl } = emulator;
			const credential = await client.createCredential({
				name: 'Closed',
				type: 'seaArtApi',
				data: { apiKey, baseUrl, ...closed } satisfies INodeParameters,
			});
			const workflow = withCredential(
				imageWorkflow('Closed', { prompts: ['an apple'] }),
				credential,
			);
			const { id } = await client.createWorkflow(workflow);
			const execution = await client.waitForExecution(await client.runWorkflow(id, TRIGGER));
			expect(execution.data.resultData.error?.message).toBeUndefined();
			expect(execution.status).toBe('success');
			expect(emulator.creates()).toHaveLength(1);
		},
	);
});
