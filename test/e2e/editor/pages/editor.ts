import { existsSync } from 'node:fs';
import { chromium, selectors } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { session } from '../../runningN8n';
import { Canvas } from './canvas';
import { CredentialDialog } from './credentialDialog';
import { NodePanel } from './nodePanel';

selectors.setTestIdAttribute('data-test-id');

const WIDTH = 1280;

const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium that drives the editor. Throws, with how to get one, where there is none. */
function installedBrowser(): string {
	const found = process.env.CHROMIUM_PATH ?? USUAL_PLACES.find((path) => existsSync(path));
	if (found) return found;
	throw new Error(
		'No Chromium was found, which the tests in the editor need. Run `bash .ci/programs`, or set ' +
			'CHROMIUM_PATH to the executable of Chrome or Chromium.',
	);
}

/** n8n in a browser window of its own. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
	) {}

	static async open(): Promise<Editor> {
		const browser = await chromium.launch({
			executablePath: installedBrowser(),
			args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
		});
		const page = await browser.newPage({
			baseURL: session().url,
			viewport: { width: WIDTH, height: 800 },
		});
		const [name = '', value = ''] = session().cookie.split('=');
		await page.context().addCookies([{ name, value, url: session().url }]);
		// Ends a test that hangs; a busy machine takes its time.
		page.setDefaultTimeout(50_000);
		return new Editor(browser, page);
	}

	/** A new workflow, with the panel of nodes open, as the first thing in it. */
	async newWorkflow(): Promise<NodePanel> {
		await this.page.goto('/workflow/new');
		await this.page.getByTestId('canvas-add-button').click();
		return new NodePanel(this.page);
	}

	async openWorkflow(id: string): Promise<Canvas> {
		await this.page.goto(`/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		return new Canvas(this.page);
	}

	/** The workflow as it went in this execution, in a window with room for a large one. */
	async openExecution(workflowId: string, executionId: string): Promise<Canvas> {
		await this.stretch(1400, 1800);
		return await this.openWorkflow(`${workflowId}/executions/${executionId}`);
	}

	/** "Create credential" in the list of credentials, and the type of this name. */
	async addCredential(type: string): Promise<CredentialDialog> {
		const { page } = this;
		await page.goto('/home/credentials');
		await page.getByTestId('add-resource-credential').click();
		await page.getByTestId('new-credential-type-select').locator('input').fill(type);
		await page.locator('.el-select-dropdown__item:visible').filter({ hasText: type }).click();
		await page.getByTestId('new-credential-type-button').click();
		return new CredentialDialog(page);
	}

	/** Makes the window so high that nothing has to be scrolled, and wider if need be. */
	async stretch(height: number, width = WIDTH): Promise<void> {
		await this.page.setViewportSize({ width, height });
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
