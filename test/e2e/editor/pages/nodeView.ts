import type { Locator, Page } from 'playwright-core';
import { CredentialDialog } from './credentialDialog';
import { Output } from './output';

/** An opened node: its input, its parameters, its output. */
export class NodeView {
	readonly output: Output;

	private constructor(readonly page: Page) {
		this.output = new Output(page);
	}

	get whole(): Locator {
		return this.page.getByTestId('ndv');
	}

	static async on(page: Page): Promise<NodeView> {
		await page.getByTestId('node-parameters').waitFor();
		return new NodeView(page);
	}

	/** "Connect to …", while the node has no credential. */
	async connect(): Promise<CredentialDialog> {
		await this.page.getByTestId('node-credentials-empty-state').getByRole('button').click();
		return await CredentialDialog.on(this.page);
	}

	/** The names of the parameters that are shown, in their order. */
	async shownParameters(): Promise<string[]> {
		const inputs = this.page
			.getByTestId('node-parameters')
			.locator('[data-test-id^="parameter-input-"]:visible');
		const ids = await inputs.evaluateAll((all) =>
			all.map((one) => one.getAttribute('data-test-id') ?? ''),
		);
		return ids.map((id) => id.replace('parameter-input-', '')).filter((name) => name !== 'field');
	}

	/** Types into a text, or a number. */
	async fill(parameter: string, value: string): Promise<void> {
		await this.parameter(parameter).locator('textarea, input').first().fill(value);
	}

	/** Chooses from a list. */
	async choose(parameter: string, option: string): Promise<void> {
		const { page } = this;
		await this.parameter(parameter).click();
		await shownOption(page).filter({ hasText: option }).first().click();
		await shownOption(page).first().waitFor({ state: 'hidden' });
	}

	/** The names in a list, without what n8n adds. */
	async choices(parameter: string): Promise<string[]> {
		await this.parameter(parameter).click();
		const names = await optionNames(this.page);
		await this.parameter(parameter).click();
		await shownOption(this.page).first().waitFor({ state: 'hidden' });
		return names.filter((name) => name !== 'Custom API Call');
	}

	async switch(parameter: string, on: boolean): Promise<void> {
		const wanted = this.parameter(parameter).locator('.el-switch');
		const isOn = await wanted.evaluate((element) => element.classList.contains('is-checked'));
		if (isOn !== on) await wanted.click();
	}

	/** The names under "Add option"; none where the node has no options. */
	async offeredOptions(): Promise<string[]> {
		if (!(await this.addOptionList.isVisible())) return [];
		await this.addOptionList.click();
		const names = await optionNames(this.page);
		await this.addOptionList.click();
		await shownOption(this.page).first().waitFor({ state: 'hidden' });
		return names;
	}

	async execute(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
	}

	async stop(): Promise<void> {
		await this.page.getByTestId('ndv-stop-execution-button').click();
	}

	/** Resolves when nothing runs (any more). */
	async idle(): Promise<void> {
		await this.page.getByTestId('ndv-stop-execution-button').waitFor({ state: 'hidden' });
	}

	/** The settings beside the parameters have such a list too, which is not shown. */
	private get addOptionList(): Locator {
		return this.page.getByTestId('collection-parameter-add').first();
	}

	/** What stands below a parameter, by words of it. */
	hint(words: string): Locator {
		return this.page.getByTestId('node-parameters').getByText(words);
	}

	parameter(name: string): Locator {
		return this.page.getByTestId(`parameter-input-${name}`);
	}
}

const shownOption = (page: Page) => page.locator('.el-select-dropdown__item:visible');

/** The first line of each option; the second is its description. */
async function optionNames(page: Page): Promise<string[]> {
	await shownOption(page).first().waitFor();
	const texts = await shownOption(page).allInnerTexts();
	return texts.map((text) => text.split('\n')[0]!.trim());
}
