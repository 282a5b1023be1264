import { mutantsOf } from './mutant';

export const declared = mutantsOf({
	'operations/generate: unit/publicSurface': {
		'the editor asks for two images': 'in numberOfImages: default: 1 → default: 2',
	},
	'operations/generate: workflow/request': {
		'the number of images is not sent': "in numberOfImages: inBody('n') → inBody('number')",
	},
	'operations/fields: unit/publicSurface': {
		'tasks are left on Stop': 'in cancelOnStop: true → false',
	},
	'GptImage1.node: workflow/request': {
		'the base URL is a constant':
			"baseURL: '={{$credentials.baseUrl}}' → baseURL: 'https://cloud.seaart.ai/model'",
	},
	'credentials/SeaArtApi.credentials: unit/credential': {
		'the key is shown': 'in apiKey: { password: true } → {}',
		'the test of the credential follows redirects with the key':
			'disableFollowRedirect: true → disableFollowRedirect: false',
		'the test of the credential creates a task':
			"'/v1/queue/gpt_image_1/requests/credential_test/status' → '/v1/queue/gpt_image_1'",
	},
});
