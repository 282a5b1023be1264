import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { REQUEST_TIMEOUT_MS } from './retryRules';
import { CALLS } from './types';
import type { Call } from './types';

/**
 * The request of a call.
 *
 * @param declared what the operation's routing has built, from the same table: base URL, headers, and
 * whatever n8n adds, such as a proxy, are taken from it
 */
export function queueRequest(
	declared: IHttpRequestOptions,
	{ call, requestId, body }: { call: Call; requestId?: string | undefined; body?: IDataObject },
): IHttpRequestOptions {
	const { body: _declaredBody, ...shared } = declared;
	const { method, url } = CALLS[call];
	const baseURL = shared.baseURL?.trim();
	return {
		...shared,
		...(baseURL && { baseURL }),
		method,
		url: url.replace('{request_id}', () => encodeURIComponent(String(requestId))),
		...(body && { body }),
		json: true,
		encoding: 'stream',
		// Bounds the call until its headers have come; the deadline bounds the whole.
		timeout: REQUEST_TIMEOUT_MS[call],
		// The key goes to the base URL's own origin and nowhere else.
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		// Statuses are read here; as errors they would hide their bodies, and n8n would send every
		// call that is answered 401 a second time.
		ignoreHttpStatusErrors: true,
		returnFullResponse: true,
	};
}
