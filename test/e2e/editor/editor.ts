import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, selectors } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import type { Emulator } from '../../emulator';
import { session } from '../runningN8n';

selectors.setTestIdAttribute('data-test-id');

const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

async function openBrowser(): Promise<Browser> {
	const installed = process.env.CHROMIUM_PATH ?? USUAL_PLACES.find((path) => existsSync(path));
	if (!installed)
		throw new Error(
			'No Chromium was found, which the tests in the editor need. Run `bash .ci/programs`, or set ' +
				'CHROMIUM_PATH to the executable of Chrome or Chromium.',
		);
	const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
	return await chromium.launch({ executablePath: installed, args });
}

/**
 * n8n in a browser for all tests of a file. What is done in it through the function that is returned
 * is photographed when it fails, and the error says where the picture is.
 */
export function useEditor(): (work: (page: Page) => Promise<void>) => Promise<void> {
	// A browser on a busy machine misses a click now and then.
	jest.retryTimes(1, { logErrorsBeforeRetry: true });
	let browser: Browser | undefined;
	let page: Page;
	beforeAll(async () => {
		const { url, cookie } = session();
		browser = await openBrowser();
		page = await browser.newPage({ baseURL: url, viewport: { width: 1280, height: 800 } });
		const [name = '', value = ''] = cookie.split('=');
		await page.context().addCookies([{ name, value, url }]);
		// Ends a test that hangs; a busy machine takes its time.
		page.setDefaultTimeout(50_000);
	});
	afterAll(async () => await browser?.close());
	return async (work) => {
		try {
			await work(page);
		} catch (error) {
			const picture = join(await mkdtemp(join(tmpdir(), 'e2e-failure-')), 'window.png');
			await page.screenshot({ path: picture }).catch(() => undefined);
			if (error instanceof Error) error.message += `\n\nThe window looked like this: ${picture}`;
			throw error;
		}
	};
}

export async function openWorkflow(page: Page, id: string): Promise<void> {
	await page.goto(`/workflow/${id}`);
	await page.getByTestId('canvas-node').first().waitFor();
}

/** Opens a node of the workflow with a double-click. */
export async function openNode(page: Page, name: string): Promise<void> {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	await page.getByTestId('node-parameters').waitFor();
}

export const executeNode = async (page: Page) =>
	await page.getByTestId('node-execute-button').click();

/**
 * Clicks "View" at the first file of the open node, which comes up by itself, before the data, and
 * resolves with the size of the picture that is shown.
 */
export async function viewPicture(page: Page): Promise<{ width: number; height: number }> {
	const output = page.getByTestId('output-panel');
	await output.getByTestId('ndv-view-binary-data').first().click({ timeout: 60_000 });
	type Picture = { decode(): Promise<void>; naturalWidth: number; naturalHeight: number };
	return await output.locator('img[src*="/binary-data"]').evaluate(async (image: Picture) => {
		await image.decode();
		return { width: image.naturalWidth, height: image.naturalHeight };
	});
}

/** A field of a credential's dialog. */
export const credentialField = (page: Page, name: 'apiKey' | 'baseUrl') =>
	page.getByTestId(`parameter-input-${name}`).locator('input');

/** Fills in a credential's dialog for a service and saves it; n8n then tests it. */
export async function saveCredential(page: Page, { key, baseUrl }: Emulator): Promise<void> {
	await credentialField(page, 'apiKey').fill(key);
	await credentialField(page, 'baseUrl').fill(baseUrl);
	await page.getByTestId('credential-save-button').click();
}
