import type { Locator, Page } from 'playwright-core';

/** The list of credentials. */
export class CredentialsList {
	constructor(private readonly page: Page) {}

	/** "Create credential", and the type of this name. */
	async add(type: string): Promise<CredentialDialog> {
		const { page } = this;
		await page.getByTestId('add-resource-credential').click();
		await page.getByTestId('new-credential-type-select').locator('input').fill(type);
		await page.locator('.el-select-dropdown__item:visible').filter({ hasText: type }).click();
		await page.getByTestId('new-credential-type-button').click();
		return await CredentialDialog.on(page);
	}
}

/** The dialog of one credential. n8n tests it whenever it is saved. */
export class CredentialDialog {
	private constructor(readonly page: Page) {}

	static async on(page: Page): Promise<CredentialDialog> {
		await page.getByTestId('credential-save-button').waitFor();
		return new CredentialDialog(page);
	}

	get whole(): Locator {
		return this.page.locator('.el-dialog:visible').last();
	}

	/** The fields that are shown, by their names. */
	async fields(): Promise<string[]> {
		const fields = this.page.getByTestId('credential-connection-parameter');
		const labels = await fields.locator('label').allInnerTexts();
		return labels.map((label) => label.split(/[*\n]/)[0]!.trim());
	}

	field(name: 'apiKey' | 'baseUrl'): Locator {
		return this.page.getByTestId(`parameter-input-${name}`).locator('input');
	}

	async fill(name: 'apiKey' | 'baseUrl', value: string): Promise<void> {
		await this.field(name).fill(value);
	}

	async value(name: 'baseUrl'): Promise<string> {
		return await this.field(name).inputValue();
	}

	/** Writes this in place of the emulator's address; nothing is saved. */
	async showBaseUrl(url: string): Promise<void> {
		await this.field('baseUrl').evaluate((input, shown) => {
			(input as unknown as { value: string }).value = shown;
		}, url);
	}

	async save(): Promise<void> {
		await this.page.getByTestId('credential-save-button').click();
	}

	/** What the user reads after a test that failed, once "More details" is clicked. */
	async failure(): Promise<string> {
		const details = this.whole.getByText('More details');
		await details.click();
		await details.waitFor({ state: 'hidden' });
		return await this.page.getByTestId('node-credentials-config-container').innerText();
	}

	/** Resolves when the dialog says that the test went well. */
	async success(): Promise<void> {
		await this.page.getByTestId('credentials-config-container-test-success').waitFor();
	}

	async closed(): Promise<void> {
		await this.page.getByTestId('credential-save-button').waitFor({ state: 'hidden' });
	}
}
