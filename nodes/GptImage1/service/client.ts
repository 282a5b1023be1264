import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { tooManyImages } from '../errors/tasks';
import { AbortScope } from '../timing/abort';
import type { Clock } from '../timing/clock';
import { parseCancel, parseCreated, parseResult, parseStatus } from './parseResponse';
import { QueueCaller } from './queueCall';
import type { Sender } from './queueCall';
import { CallRepeater } from './repeatedCall';
import type { CallLimits, CallOptions, Repeated } from './repeatedCall';
import { CREATE_BUDGET_MS } from './retryRules';
import type { CreatedTask, TaskResult, TaskStatus } from './types';
import { isResult } from './types';

/** More records than this in a result are not read; the service makes at most ten images a task. */
const MAX_RECORDS = 100;

export type CancelOutcome = { accepted: boolean; fields: IDataObject };

/** The four calls that carry the key, each repeated by its own rule. */
export class TaskClient {
	private readonly repeater: CallRepeater;

	constructor(
		declared: IHttpRequestOptions,
		sender: Sender,
		clock: Clock,
		private readonly limits: CallLimits,
	) {
		this.repeater = new CallRepeater(new QueueCaller(declared, sender, clock), clock);
	}

	/**
	 * Creates a task. Repeated only where the service definitely did not accept it. A create that has been
	 * sent is not aborted with the scope, so that its response is never lost.
	 *
	 * @param onSend called before it is sent, each time
	 * @throws TaskError, with `possiblyCreated` where a task may have been made all the same; Aborted
	 * where the scope is aborted before the create is sent
	 */
	async create(body: IDataObject, scope: AbortScope, onSend: () => void): Promise<CreatedTask> {
		const call = { call: 'create', body, parse: parseCreated, onSend } as const;
		const options = { budgetMs: CREATE_BUDGET_MS };
		return await this.repeater.call(call, options, this.limits.creates, scope, new AbortScope());
	}

	/** @throws TaskError, Aborted */
	async status(options: CallOptions, scope: AbortScope): Promise<TaskStatus> {
		return await this.read({ call: 'status', parse: parseStatus }, options, scope);
	}

	/** The result of a task, or its status where there is none (yet). @throws TaskError, Aborted */
	async result(options: CallOptions, scope: AbortScope): Promise<TaskResult | TaskStatus> {
		const { notYet, requestId } = options;
		const result = await this.read({ call: 'result', parse: parseResult, notYet }, options, scope);
		if (isResult(result) && result.outputs.length > MAX_RECORDS) {
			throw tooManyImages(requestId, result.outputs.length, MAX_RECORDS);
		}
		return result;
	}

	/** Asks the service to cancel a task. @returns whether it did, or the task had ended already */
	async cancel(options: CallOptions, scope: AbortScope): Promise<CancelOutcome> {
		const call = { call: 'cancel', parse: parseCancel } as const;
		const { accepted, fields } = await this.read(call, options, scope);
		return { accepted, fields };
	}

	private async read<T extends object>(
		call: Repeated<T>,
		options: CallOptions,
		scope: AbortScope,
	): Promise<T> {
		const { reads, results, cancels } = this.limits;
		const { requestId, created, givesUp } = options;
		const limit = givesUp ? cancels : call.call === 'result' ? results : reads;
		const about = { ...call, requestId, created };
		return await this.repeater.call(about, options, limit, scope, scope);
	}
}
