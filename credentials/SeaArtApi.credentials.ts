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

/** A rule fires when the field `detail` of the answer is exactly `value`; undefined means absent. */
const detailRule = (value: string | undefined, message: string): TestRule => ({
	type: 'responseSuccessBody',
	properties: { key: 'detail', value, message },
});

const busy =
	'SeaArt Cloud is having trouble at the moment. The key was not checked; try again later.';

const notTheQueue =
	'This address answers, but it is not the SeaArt Cloud queue. Check the base URL; the usual one is https://cloud.seaart.ai/model';

export class SeaArtApi implements ICredentialType {
	name = 'seaArtApi';

	displayName = 'SeaArt API';

	icon: Icon = { light: 'file:seaArt.svg', dark: 'file:seaArt.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-seaart/n8n-nodes-seaart-gpt-image-1#get-a-key-and-add-the-credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The bearer key of your SeaArt Cloud account',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://cloud.seaart.ai/model',
			description: 'Where the queue lives. Change it only for a host that runs the same protocol.',
		},
	];

	/**
	 * A function and not an expression: after Stop n8n evaluates no expression any more, and the
	 * cancel call, which is sent then, would leave without its key (engine fact 10).
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
			statusRule(
				401,
				'SeaArt Cloud does not know this key. Copy it again from your SeaArt Cloud account.',
			),
			statusRule(
				403,
				'SeaArt Cloud knows this key but does not let it use GPT Image 1: it has expired, the model is not enabled for it, or the balance is empty.',
			),
			statusRule(
				429,
				'SeaArt Cloud received too many calls with this key. Wait a minute and test again.',
			),
			...[500, 502, 503, 504].map((status) => statusRule(status, busy)),
			detailRule('Not Found', notTheQueue),
			detailRule(undefined, notTheQueue),
		] as ICredentialTestRequest['rules'] & TestRule[],
	};
}
