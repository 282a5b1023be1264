import { IMAGES, imageNode, inARow, startWith } from '../workflow';
import { useN8n } from '../runningN8n';
import { useEditor } from './browsing';
import type { NodeView } from './pages/nodeView';

const PARAMETERS = ['operation', 'prompt', 'numberOfImages', 'size', 'quality'];
const DOWNLOAD = ['downloadImages', 'binaryPropertyName'];

const WAITING = ['Cancel on Stop', 'On Timeout', 'Poll Interval (Seconds)', 'Timeout (Seconds)'];
const PICTURE = ['Background', 'Moderation', 'Output Compression', 'Output Format', 'User'];

const LIMITS = ['Max Images per Run', 'Max Tasks in Flight'];

const byAlphabet = (...names: string[]) => names.sort((a, b) => a.localeCompare(b));

describe('The fields of the node', () => {
	const n8n = useN8n();
	const browse = useEditor();
	let node: NodeView;

	// One opened node for all of them: each test brings about all that it depends on.
	beforeAll(async () => {
		const { trigger } = startWith([]);
		const images = imageNode({});
		images.parameters = {};
		const workflow = { nodes: [trigger, images], connections: inARow(trigger, images) };
		const { id } = await n8n.save({ name: 'Fields', ...workflow });
		await browse(async (editor) => {
			node = await (await editor.openWorkflow(id)).openNode(IMAGES);
		});
	});

	const generate = async ({ wait, download }: { wait: boolean; download: boolean }) => {
		await node.choose('operation', 'Generate');
		await node.switch('waitForCompletion', wait);
		if (wait) await node.switch('downloadImages', download);
	};

	test('the operations are listed in the order in which a task goes through them', async () => {
		await browse(async () => {
			const operations = ['Generate', 'Get Status', 'Get Result', 'Cancel'];
			expect(await node.choices('operation')).toEqual(operations);
		});
	});

	test('Generate: what it takes to get an image as a file', async () => {
		await browse(async () => {
			await generate({ wait: true, download: true });
			expect(await node.shownParameters()).toEqual([
				...PARAMETERS,
				'waitForCompletion',
				...DOWNLOAD,
			]);
			expect(await node.offeredOptions()).toEqual(
				byAlphabet(...PICTURE, ...WAITING, ...LIMITS, 'Return Images As'),
			);
		});
	});

	test('Generate: the sizes have names that people know', async () => {
		await browse(async () => {
			await generate({ wait: true, download: true });
			expect(await node.choices('size')).toEqual([
				'Auto',
				'Square (1024 x 1024)',
				'Portrait (1024 x 1536)',
				'Landscape (1536 x 1024)',
			]);
		});
	});

	test('Generate: "Download Images" off hides where the files go', async () => {
		await browse(async () => {
			await generate({ wait: true, download: false });
			await node.parameter('binaryPropertyName').waitFor({ state: 'hidden' });
			expect(await node.shownParameters()).toEqual([
				...PARAMETERS,
				'waitForCompletion',
				'downloadImages',
			]);
			expect(await node.offeredOptions()).toEqual(byAlphabet(...PICTURE, ...WAITING, ...LIMITS));
		});
	});

	test('Generate: "Wait for Completion" off hides what has to do with waiting and files', async () => {
		await browse(async () => {
			await generate({ wait: false, download: true });
			await node.parameter('downloadImages').waitFor({ state: 'hidden' });
			expect(await node.shownParameters()).toEqual([...PARAMETERS, 'waitForCompletion']);
			expect(await node.offeredOptions()).toEqual(
				byAlphabet(...PICTURE, ...LIMITS, 'Cancel on Stop'),
			);
		});
	});

	test.each(['Get Status', 'Cancel'])('%s: the request ID and nothing else', async (operation) => {
		await browse(async () => {
			await node.choose('operation', operation);
			await node.parameter('requestId').waitFor();
			expect(await node.shownParameters()).toEqual(['operation', 'requestId']);
			expect(await node.offeredOptions()).toEqual([]);
		});
	});

	test('Get Result: the request ID, whether to wait, where the files go', async () => {
		await browse(async () => {
			await node.choose('operation', 'Get Result');
			await node.switch('waitForCompletion', true);
			await node.switch('downloadImages', true);
			const shown = ['operation', 'requestId', 'waitForCompletion', ...DOWNLOAD];
			expect(await node.shownParameters()).toEqual(shown);
			expect(await node.offeredOptions()).toEqual(byAlphabet(...WAITING, 'Return Images As'));
		});
	});
});
