import type { IContextObject, IExecutePaginationFunctions, INode } from 'n8n-workflow';

/** Whether the node is the variant of it that n8n makes for AI agents. */
export const isTool = ({ type }: INode) => type.endsWith('Tool');

/** Whether n8n has the outcome of a run; that of an agent's tool it records when the run begins. */
export function isRecorded(context: IExecutePaginationFunctions, runIndex: number): boolean {
	const node = context.getNode();
	const { $node } = context.getWorkflowDataProxy(0) as {
		$node: Record<string, { runIndex: number }>;
	};
	return !isTool(node) && $node[node.name]!.runIndex >= runIndex;
}

/** As a tool of n8n's MCP Server Trigger the node has no execution data, and n8n throws. */
export function nodeContextOf(context: IExecutePaginationFunctions): IContextObject {
	try {
		return context.getContext('node');
	} catch {
		return {};
	}
}
