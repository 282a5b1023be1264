import type { Locator, Page } from 'playwright-core';

/** What is used here of the browser's HTMLImageElement. */
interface Picture {
	decode(): Promise<void>;
	naturalWidth: number;
	naturalHeight: number;
}

/** The right side of an opened node. */
export class Output {
	readonly panel: Locator;

	constructor(private readonly page: Page) {
		this.panel = page.getByTestId('output-panel');
	}

	/** Resolves when there is something to see: files come up by themselves, before the data. */
	async files(): Promise<string[]> {
		const files = this.panel.locator('[data-test-id^="ndv-binary-data_"]');
		await files.first().waitFor({ timeout: 60_000 });
		return await files.allInnerTexts();
	}

	/** Clicks "View" at the first file, and resolves with the size of the picture that is shown. */
	async viewPicture(): Promise<{ width: number; height: number }> {
		await this.panel.getByTestId('ndv-view-binary-data').first().click();
		const picture = this.panel.locator('img[src*="/binary-data"]');
		await picture.waitFor();
		return await picture.evaluate(async (element) => {
			const image = element as unknown as Picture;
			await image.decode();
			return { width: image.naturalWidth, height: image.naturalHeight };
		});
	}

	/** What stands in red, and what stands below it. */
	async error(): Promise<{ message: string; description: string }> {
		const message = this.panel.getByTestId('node-error-message');
		await message.waitFor({ timeout: 60_000 });
		return {
			message: await message.innerText(),
			description: await this.description.innerText(),
		};
	}

	/** What stands below the message of an error. */
	get description(): Locator {
		return this.panel.getByTestId('node-error-description');
	}

	/** Writes this in place of the request id, which is another one in every run. */
	async showRequestId(id: string): Promise<void> {
		await this.panel.getByTestId('node-error-message').evaluate((element, shown) => {
			const words = element as unknown as { innerText: string };
			words.innerText = words.innerText.replace(/mmsu_\w+/, shown);
		}, id);
	}

	/** Resolves when the node is shown to be running. */
	async executing(): Promise<void> {
		await this.page.getByTestId('ndv-executing').waitFor();
	}
}
