import type { NodeApiError } from 'n8n-workflow';
import { otherTasks } from '../errors/tasks';
import type { Task } from './task';

/** The error that n8n shows of a run: that of the first item which has ended it. */
export class RunError {
	private first: { itemIndex: number; error: NodeApiError } | undefined;

	note(itemIndex: number, error: NodeApiError): void {
		if (itemIndex <= (this.first?.itemIndex ?? Infinity)) this.first = { itemIndex, error };
	}

	/** Adds what became of the other items, once that is known. */
	complete(othersThan: (itemIndex: number) => Task[]): void {
		if (this.first === undefined) return;
		const { itemIndex, error } = this.first;
		const tasks = othersThan(itemIndex);
		const requestIds = tasks.flatMap(({ life }) => ('requestId' in life ? [life.requestId] : []));
		const unclear = tasks.filter(({ life }) => life.is === 'unconfirmed');
		const others = otherTasks(
			requestIds,
			unclear.map(({ item }) => item.index),
		);
		if (others) error.description = [error.description, others].filter(Boolean).join('\n\n');
	}
}
