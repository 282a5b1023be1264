import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import type { Send } from '../task/call';

/** What n8n's request functions yield with `returnFullResponse`. */
export type FullResponse<Body = unknown> = { statusCode: number; headers: IDataObject; body: Body };

/**
 * Sends with the key. n8n refuses every such call after Stop by the signal that it finds on `this`;
 * a call that has to outlive Stop is made on a copy without one (engine fact 10).
 */
export const sendingWithKey =
	(context: IExecutePaginationFunctions): Send =>
	async (options, outlivesStop) => {
		const caller = outlivesStop
			? (Object.create(context, {
					getExecutionCancelSignal: { value: () => undefined },
				}) as IExecutePaginationFunctions)
			: context;
		const answer = (await caller.helpers.httpRequestWithAuthentication.call(
			caller,
			'seaArtApi',
			options,
		)) as FullResponse;
		return { status: answer.statusCode, headers: answer.headers, body: answer.body };
	};
