import type { Page } from 'playwright-core';

/** "Settings > Community nodes": what is installed, and the way to install more. */
export class CommunityNodes {
	constructor(private readonly page: Page) {}

	/** Installs a package by its name, and resolves when n8n has it. */
	async install(name: string): Promise<void> {
		const { page } = this;
		await page.getByRole('button', { name: 'Install a community node' }).click();
		await page.locator('input[name="packageNameInput"]').fill(name);
		await page.getByTestId('user-agreement-checkbox').click();
		const button = page.getByTestId('install-community-package-button');
		await button.click();
		await button.waitFor({ state: 'hidden', timeout: 60_000 });
	}

	/** What is written on the card of the one package that is installed. */
	async installed(): Promise<string> {
		const text = await this.page.getByTestId('community-package-card').innerText();
		return text.replace(/\s+/g, ' ').trim();
	}

	/** Takes the one package off again; resolves when nothing is installed. */
	async uninstall(): Promise<void> {
		const { page } = this;
		const card = page.getByTestId('community-package-card');
		await card.getByTestId('action-toggle').click();
		await page.getByTestId('action-uninstall').click();
		await page.getByRole('button', { name: 'Confirm uninstall' }).click();
		await card.waitFor({ state: 'hidden' });
	}
}
