import type { Locator, Page } from 'playwright-core';
import { CredentialDialog } from './credentialDialog';

/** What is used here of the browser's HTMLImageElement. */
interface Picture {
	decode(): Promise<void>;
	naturalWidth: number;
	naturalHeight: number;
}

/** An opened node: its input, its parameters, its output. */
export class NodeView {
	/** The right side. */
	readonly output: Locator;

	private constructor(private readonly page: Page) {
		this.output = page.getByTestId('output-panel');
	}

	static async on(page: Page): Promise<NodeView> {
		await page.getByTestId('node-parameters').waitFor();
		return new NodeView(page);
	}

	get whole(): Locator {
		return this.page.getByTestId('ndv');
	}

	/** "Connect to …", while the node has no credential. */
	async connect(): Promise<CredentialDialog> {
		await this.page.getByTestId('node-credentials-empty-state').getByRole('button').click();
		return new CredentialDialog(this.page);
	}

	/** Types into a text, or a number. */
	async fill(parameter: string, value: string): Promise<void> {
		await this.parameter(parameter).locator('textarea, input').first().fill(value);
	}

	/** The names in a list, without what n8n adds. The second line of each is its description. */
	async choices(parameter: string): Promise<string[]> {
		const shown = this.page.locator('.el-select-dropdown__item:visible');
		await this.parameter(parameter).click();
		await shown.first().waitFor();
		const names = (await shown.allInnerTexts()).map((text) => text.split('\n')[0]!.trim());
		await this.parameter(parameter).click();
		await shown.first().waitFor({ state: 'hidden' });
		return names.filter((name) => name !== 'Custom API Call');
	}

	async execute(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
	}

	/** What stands below a parameter, by words of it. */
	hint(words: string): Locator {
		return this.page.getByTestId('node-parameters').getByText(words);
	}

	/**
	 * Clicks "View" at the first file, which comes up by itself, before the data, and resolves with the
	 * size of the picture that is shown.
	 */
	async viewPicture(): Promise<{ width: number; height: number }> {
		const view = this.output.getByTestId('ndv-view-binary-data').first();
		await view.click({ timeout: 60_000 });
		const picture = this.output.locator('img[src*="/binary-data"]');
		await picture.waitFor();
		return await picture.evaluate(async (element) => {
			const image = element as unknown as Picture;
			await image.decode();
			return { width: image.naturalWidth, height: image.naturalHeight };
		});
	}

	/** What stands in red in the output, once it does. */
	get error(): Locator {
		return this.output.getByTestId('node-error-message');
	}

	/** What stands below that. */
	get errorDescription(): Locator {
		return this.output.getByTestId('node-error-description');
	}

	/** Writes this in place of the request id, which is another one in every run. */
	async showRequestId(id: string): Promise<void> {
		await this.error.evaluate((element, shown) => {
			const words = element as unknown as { innerText: string };
			words.innerText = words.innerText.replace(/mmsu_\w+/, shown);
		}, id);
	}

	private parameter(name: string): Locator {
		return this.page.getByTestId(`parameter-input-${name}`);
	}
}
