import type { Locator, Page } from 'playwright-core';

/** The dialog of one credential. n8n tests it whenever it is saved. */
export class CredentialDialog {
	constructor(private readonly page: Page) {}

	get whole(): Locator {
		return this.page.locator('.el-dialog:visible').last();
	}

	field(name: 'apiKey' | 'baseUrl'): Locator {
		return this.page.getByTestId(`parameter-input-${name}`).locator('input');
	}

	/** Fills it in for a service, and saves it. */
	async save({ key, baseUrl }: { key: string; baseUrl: string }): Promise<void> {
		await this.field('apiKey').fill(key);
		await this.field('baseUrl').fill(baseUrl);
		await this.page.getByTestId('credential-save-button').click();
	}

	/** Writes this in place of the emulator's address; nothing is saved. */
	async showBaseUrl(url: string): Promise<void> {
		await this.field('baseUrl').evaluate((input, shown) => {
			(input as unknown as { value: string }).value = shown;
		}, url);
	}

	/** Resolves when the dialog says that the test went well. */
	async success(): Promise<void> {
		await this.page.getByTestId('credentials-config-container-test-success').waitFor();
	}

	async closed(): Promise<void> {
		await this.page.getByTestId('credential-save-button').waitFor({ state: 'hidden' });
	}
}
