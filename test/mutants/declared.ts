import { mutantsOf } from './mutant';

const field = (name: string, find: string, put: string) => ({ within: name, find, put });

export const declared = [
	...mutantsOf('operations/generate', 'unit/publicSurface', {
		'the editor asks for two images': { ...field('numberOfImages', 'default: 1', 'default: 2') },
		'five tasks are in flight': { ...field('maxTasksInFlight', 'default: 10', 'default: 5') },
		'the number of images is not sent': {
			...field('numberOfImages', "inBody('n')", "inBody('number')"),
			caughtBy: 'workflow/request',
		},
	}),
	...mutantsOf('operations/fields', 'unit/publicSurface', {
		'tasks are left on Stop': { within: 'cancelOnStop', find: 'true', put: 'false' },
		'the editor waits for five minutes': { within: 'timeout', find: '600', put: '300' },
	}),
	...mutantsOf('GptImage1.node', 'workflow/request', {
		'the base URL is a constant': {
			find: "baseURL: '={{$credentials.baseUrl}}'",
			put: "baseURL: 'https://cloud.seaart.ai/model'",
		},
	}),
	...mutantsOf('credentials/SeaArtApi.credentials', 'unit/credential', {
		'the key is shown': { ...field('apiKey', '{ password: true }', '{}') },
		'the test of the credential follows redirects with the key': {
			find: 'disableFollowRedirect: true',
			put: 'disableFollowRedirect: false',
		},
		'the test of the credential creates a task': {
			find: "url: '/v1/queue/gpt_image_1/requests/credential_test/status'",
			put: "url: '/v1/queue/gpt_image_1'",
		},
	}),
];
