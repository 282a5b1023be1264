import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Editor } from './pages/editor';

/**
 * A browser for all tests of a file. What is done in it through the function that is returned is
 * photographed when it fails, and the error says where the picture is.
 */
export function useEditor(): (work: (editor: Editor) => Promise<void>) => Promise<void> {
	// A browser on a busy machine misses a click now and then.
	jest.retryTimes(1, { logErrorsBeforeRetry: true });
	let editor: Editor | undefined;
	beforeAll(async () => void (editor = await Editor.open()));
	afterAll(async () => await editor?.close());
	return async (work) => {
		try {
			await work(editor!);
		} catch (error) {
			const picture = join(await mkdtemp(join(tmpdir(), 'e2e-failure-')), 'window.png');
			await editor!.page.screenshot({ path: picture }).catch(() => undefined);
			if (error instanceof Error) error.message += `\n\nThe window looked like this: ${picture}`;
			throw error;
		}
	};
}
