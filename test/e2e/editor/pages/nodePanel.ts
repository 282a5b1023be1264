import type { Page } from 'playwright-core';
import { NodeView } from './nodeView';

/** The panel at the right in which nodes are searched. */
export class NodePanel {
	constructor(private readonly page: Page) {}

	/** Starts a new search, and resolves when a node of this name is among what is found. */
	async find(words: string, name: string): Promise<void> {
		const search = this.page.getByTestId('node-creator-search-bar');
		await search.fill('');
		await this.item(name).waitFor({ state: 'hidden' });
		await search.fill(words);
		await this.item(name).waitFor();
	}

	/** Chooses the node; returns its actions, in the order shown. */
	async choose(name: string): Promise<string[]> {
		await this.item(name).click();
		// What was found slides out while the actions slide in.
		await this.item(name).waitFor({ state: 'hidden' });
		await this.page.getByTestId('node-creator-category-item').last().waitFor();
		const names = await this.page.getByTestId('node-creator-item-name').allInnerTexts();
		return names.filter((action) => !action.startsWith('On a '));
	}

	/** Adds the chosen node with this action, and opens it. */
	async add(action: string): Promise<NodeView> {
		await this.item(action).click();
		return await NodeView.on(this.page);
	}

	private item(name: string) {
		return this.page.getByTestId('node-creator-item-name').filter({ hasText: name });
	}
}
