import type { Page } from 'playwright-core';
import type { Area } from '../picture';
import { NodeView } from './nodeView';

/** The workflow as boxes and lines. */
export class Canvas {
	constructor(readonly page: Page) {}

	/** Opens a node with a double-click. */
	async openNode(name: string): Promise<NodeView> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		return await NodeView.on(this.page);
	}

	/** Moves and scales it so that all nodes are seen. Returns what they and their notes fill. */
	async fitIntoView(): Promise<Area> {
		await this.page.getByTestId('zoom-to-fit').click();
		await this.page.mouse.move(0, 0);
		let area: Area | undefined;
		for (;;) {
			const before = JSON.stringify(area);
			area = await this.page.getByTestId('canvas').evaluate(filledArea);
			if (JSON.stringify(area) === before) return area;
			await this.page.waitForTimeout(500);
		}
	}

	/** How many nodes wear a warning, of a credential that is missing or a field to fill in. */
	async warnings(): Promise<number> {
		return await this.page.getByTestId('node-issues').count();
	}

	async execute(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').last().click();
	}

	async stop(): Promise<void> {
		await this.page.getByTestId('stop-execution-button').click();
		await this.page.getByText('Execution stopped').first().waitFor();
	}
}

/** What is used here of the browser's elements. */
interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}
interface Element {
	querySelectorAll(selector: string): Iterable<Element>;
	checkVisibility(of: object): boolean;
	getBoundingClientRect(): Box;
}

/** Runs in the browser: nodes, notes and lines, and a margin around them. */
function filledArea(canvas: unknown): Area {
	const MARGIN = 20;
	const seen = { opacityProperty: true, visibilityProperty: true };
	const toolbar = '[data-test-id="canvas-node-toolbar"]';
	const parts = (canvas as Element).querySelectorAll(
		`.vue-flow__node :not(${toolbar}, ${toolbar} *), .vue-flow__edge-path`,
	);
	const boxes = [...parts]
		.filter((part) => part.checkVisibility(seen))
		.map((part) => part.getBoundingClientRect())
		.filter(({ left, right }) => right > left);
	const x = Math.floor(Math.min(...boxes.map(({ left }) => left)) - MARGIN);
	const y = Math.floor(Math.min(...boxes.map(({ top }) => top)) - MARGIN);
	const right = Math.ceil(Math.max(...boxes.map((box) => box.right)) + MARGIN);
	const bottom = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) + MARGIN);
	return { x, y, width: right - x, height: bottom - y };
}
