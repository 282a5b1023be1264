import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { REQUEST_TIMEOUT_MS } from './retryRules';
import { CALLS } from './types';
import type { Call } from './types';

/**
 * The request of a call.
 *
 * @param declared what the operation's routing has built: its own call is sent as it stands, the others
 * take proxy, base URL and time limit from it
 */
export function queueRequest(
	declared: IHttpRequestOptions,
	{ call, requestId, body }: { call: Call; requestId?: string | undefined; body?: IDataObject },
): IHttpRequestOptions {
	const { body: _declaredBody, ...shared } = declared;
	const { method, url } = declared.url === CALLS[call].url ? declared : CALLS[call];
	const baseURL = shared.baseURL?.trim();
	return {
		...shared,
		...(baseURL && { baseURL }),
		...(method && { method }),
		url: url.replace('{request_id}', () => encodeURIComponent(requestId ?? '')),
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
