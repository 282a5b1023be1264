import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

type TestRule = NonNullable<ICredentialTestRequest['rules']>[number];

const statusRule = (value: number, message: string): TestRule => ({
	type: 'responseCode',
	properties: { value, message },
});

/** A rule fires when this field of the response is exactly `value`; undefined means absent. */
const fieldRule = (key: string, value: string | number | undefined, message: string): TestRule => ({
	type: 'responseSuccessBody',
	properties: { key, value, message },
});

const wrongKey =
	"SeaArt Cloud didn't recognize this API key. Copy it again from your SeaArt Cloud account.";

const notAllowed =
	"This API key can't use GPT Image 1. Check that it hasn't expired, that the model is enabled, and that the balance isn't empty.";

const tooMany = 'Rate limit reached. Wait a minute and test again.';

const busy = "SeaArt Cloud is temporarily unavailable, so the key wasn't checked. Try again later.";

const notTheQueue =
	"The server at this base URL isn't SeaArt Cloud. The default is https://cloud.seaart.ai/model";

export class SeaArtApi implements ICredentialType {
	name = 'seaArtApi';

	displayName = 'SeaArt API';

	icon: Icon = {
		light: 'file:../nodes/GptImage1/gptImage1.svg',
		dark: 'file:../nodes/GptImage1/gptImage1.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-seaart/n8n-nodes-seaart-gpt-image-1#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'API key from your SeaArt Cloud account',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://cloud.seaart.ai/model',
			description: 'SeaArt Cloud API URL. Change it only if you use a compatible host.',
		},
	];

	/**
	 * A function, because n8n evaluates no expression after Stop: the cancel call, which is sent then,
	 * would leave without its key.
	 */
	authenticate: IAuthenticate = async (credentials, request) => ({
		...request,
		headers: {
			...request.headers,
			// An expression can yield a number.
			Authorization: `Bearer ${`${credentials.apiKey as string}`.trim()}`,
		},
	});

	/**
	 * The service cannot be asked whose key this is. Asking for a task that cannot exist costs
	 * nothing: 404 with a `detail` means that the key was accepted, 401 or 403 that it was not.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v1/queue/gpt_image_1/requests/credential_test/status',
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403, 429, 500, 502, 503, 504] },
		},
		rules: [
			statusRule(401, wrongKey),
			statusRule(403, notAllowed),
			statusRule(429, tooMany),
			...[500, 502, 503, 504].map((status) => statusRule(status, busy)),
			// n8n 1.123 takes any status for a success.
			fieldRule('error.code', 'UNAUTHORIZED', wrongKey),
			fieldRule('error', 'invalid_api_key', wrongKey),
			fieldRule('error', 'insufficient balance', notAllowed),
			fieldRule('detail', 'Model not allowed for this user', notAllowed),
			fieldRule('status.code', 402, notAllowed),
			fieldRule('error.code', 'RATE_LIMIT_EXCEEDED', tooMany),
			fieldRule('detail', 'Runtime execution failed', busy),
			fieldRule('detail', 'Not Found', notTheQueue),
			fieldRule('detail', undefined, notTheQueue),
		] as ICredentialTestRequest['rules'] & TestRule[],
	};
}
