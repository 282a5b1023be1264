import type { Locator, Page } from 'playwright-core';
import { NodePanel } from './nodePanel';
import { NodeView } from './nodeView';

/** The workflow as boxes and lines. */
export class Canvas {
	constructor(readonly page: Page) {}

	get whole(): Locator {
		return this.page.getByTestId('canvas-wrapper');
	}

	/** Opens the panel of nodes, as the first thing in an empty workflow. */
	async addFirstStep(): Promise<NodePanel> {
		await this.page.getByTestId('canvas-add-button').click();
		return await NodePanel.on(this.page);
	}

	/** Opens a node with a double-click. */
	async openNode(name: string): Promise<NodeView> {
		await this.node(name).dblclick();
		return await NodeView.on(this.page);
	}

	/** Moves and scales it so that all nodes are seen. */
	async fitIntoView(): Promise<void> {
		await this.page.getByTestId('zoom-to-fit').click();
	}

	async execute(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').last().click();
	}

	async stop(): Promise<void> {
		await this.page.getByTestId('stop-execution-button').click();
		await this.page.getByText('Execution stopped').first().waitFor();
	}

	/** The names of the nodes. */
	async nodes(): Promise<string[]> {
		return await this.page
			.getByTestId('canvas-node')
			.evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-node-name') ?? ''));
	}

	private node(name: string) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}
}
