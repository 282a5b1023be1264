import { chromium, selectors } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { installedBrowser } from '../../browser';
import { session } from '../../session';
import type { Session } from '../../session';
import { Canvas } from './canvas';
import { CommunityNodes } from './communityNodes';
import { CredentialsList } from './credentialDialog';

/** An n8n, and who signs in to it. */
export type Served = Pick<Session, 'url' | 'signIn'>;

selectors.setTestIdAttribute('data-test-id');

const SIZE = { width: 1280, height: 800 };

/** n8n in a browser window of its own. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly n8n: Served,
	) {}

	/** @param n8n that of all tests where none is given */
	static async open(n8n: Served = session()): Promise<Editor> {
		const browser = await chromium.launch({
			executablePath: installedBrowser(),
			args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
		});
		const page = await browser.newPage({ viewport: SIZE });
		// Ends a test that hangs; a busy machine takes its time.
		page.setDefaultTimeout(50_000);
		const editor = new Editor(browser, page, n8n);
		await editor.signIn().catch(async (error) => {
			await browser.close();
			throw error;
		});
		return editor;
	}

	private async signIn(): Promise<void> {
		const { url, signIn } = this.n8n;
		await this.page.goto(`${url}/signin`);
		await this.page.fill('input[name="emailOrLdapLoginId"]', signIn.email);
		await this.page.fill('input[name="password"]', signIn.password);
		await this.page.getByTestId('form-submit-button').click();
		await this.page.waitForURL((to) => !to.pathname.includes('signin'));
	}

	async newWorkflow(): Promise<Canvas> {
		await this.page.goto(`${this.n8n.url}/workflow/new`);
		await this.page.getByTestId('canvas-add-button').waitFor();
		return new Canvas(this.page);
	}

	async openWorkflow(id: string): Promise<Canvas> {
		await this.page.goto(`${this.n8n.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		return new Canvas(this.page);
	}

	/** The workflow as it went in this execution, in a window with room for a large one. */
	async openExecution(workflowId: string, executionId: string): Promise<Canvas> {
		await this.stretch(1400, 1800);
		await this.page.goto(`${this.n8n.url}/workflow/${workflowId}/executions/${executionId}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		return new Canvas(this.page);
	}

	async credentials(): Promise<CredentialsList> {
		await this.page.goto(`${this.n8n.url}/home/credentials`);
		return new CredentialsList(this.page);
	}

	/** "Settings > Community nodes". */
	async communityNodes(): Promise<CommunityNodes> {
		await this.page.goto(`${this.n8n.url}/settings/community-nodes`);
		return new CommunityNodes(this.page);
	}

	/** Makes the window so high that nothing has to be scrolled, and wider if need be. */
	async stretch(height: number, width = SIZE.width): Promise<void> {
		await this.page.setViewportSize({ width, height });
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
