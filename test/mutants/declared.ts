import { mutantsOf } from './mutant';

const field = (name: string, find: string, put: string) => ({ within: name, find, put });

/** What the user sees: the fields of the editor and their defaults, and the credential. */
export const declared = [
	...mutantsOf('operations/index', 'unit/publicSurface', [
		{
			name: 'the operation is Get Status by default',
			find: "default: 'generate'",
			put: "default: 'getStatus'",
		},
		{
			name: 'the operation may be an expression',
			find: 'noDataExpression: true',
			put: 'noDataExpression: false',
		},
		{
			name: 'Cancel is no operation',
			find: "value: 'cancel'",
			put: "value: 'stop'",
		},
		{
			name: 'the operations send what the routing has built',
			find: 'send: { paginate: true }',
			put: 'send: {}',
			caughtBy: 'workflow/request',
		},
		{
			name: 'images are put into a field though nothing is waited for',
			find: "{ operation: ['generate'], waitForCompletion: [true] }",
			put: "{ operation: ['generate'] }",
		},
		{
			name: 'Get Result cannot leave its task on Stop',
			find: '[cancelOnStopWhereItWaits, onTimeout, pollInterval, imageOutput, timeout,]',
			put: '[onTimeout, pollInterval, imageOutput, timeout]',
		},
		{
			name: 'Get Result cancels',
			find: "routing('result', runGetResult)",
			put: "routing('result', runCancel)",
			caughtBy: 'workflow/responses',
		},
	]),
	...mutantsOf('operations/generate', 'unit/publicSurface', [
		{
			name: 'the editor asks for two images',
			...field('numberOfImages', 'default: 1', 'default: 2'),
		},
		{
			name: 'the editor takes eleven images',
			...field('numberOfImages', 'maxValue: 10', 'maxValue: 11'),
		},
		{
			name: 'the editor chooses a square',
			...field('size', "default: 'auto'", "default: '1024x1024'"),
		},
		{
			name: 'the editor chooses high quality',
			...field('quality', "default: 'auto'", "default: 'high'"),
		},
		{ name: 'a prompt may be left out', ...field('prompt', 'required: true', 'required: false') },
		{
			name: 'the number of images is not sent',
			...field('numberOfImages', "inBody('n')", "inBody('number')"),
			caughtBy: 'workflow/request',
		},
		{
			name: 'the size is sent as the quality',
			...field('size', "inBody('size')", "inBody('quality')"),
			caughtBy: 'workflow/request',
		},
		{
			name: 'the prompt is shown for Get Status',
			...field('prompt', "shownFor('generate')", "shownFor('generate', 'getStatus')"),
		},
		{
			name: 'the editor offers five tasks in flight',
			...field('maxTasksInFlight', 'default: 10', 'default: 5'),
		},
		{
			name: 'the editor offers a limit of images',
			...field('maxImages', 'default: 0', 'default: 10'),
		},
		{
			name: 'the editor offers JPEG',
			...field('outputFormat', "default: 'png'", "default: 'jpeg'"),
		},
		{
			name: 'the editor offers a compression of 50',
			...field('outputCompression', 'default: 100', 'default: 50'),
		},
		{
			name: 'the editor offers a transparent background',
			...field('background', "default: 'auto'", "default: 'transparent'"),
		},
		{
			name: 'the editor offers low moderation',
			...field('moderation', "default: 'auto'", "default: 'low'"),
		},
		{
			name: 'the output format is not sent',
			...field('outputFormat', "inBody('output_format')", "inBody('format')"),
			caughtBy: 'workflow/request',
		},
		{
			name: 'the user is not sent',
			...field('user', "inBody('user')", "inBody('end_user')"),
			caughtBy: 'workflow/request',
		},
		{
			name: 'the editor takes 101 tasks in flight',
			...field('maxTasksInFlight', 'maxValue: 100', 'maxValue: 101'),
		},
	]),
	...mutantsOf('operations/fields', 'unit/publicSurface', [
		{
			name: 'the editor does not wait',
			within: 'waitForCompletion',
			find: 'default: true',
			put: 'default: false',
		},
		{
			name: 'the editor downloads nothing',
			...field('downloadImages', 'default: true', 'default: false'),
		},
		{
			name: 'the editor names the field of the file otherwise',
			...field('binaryPropertyName', "default: 'data'", "default: 'file'"),
		},
		{
			name: 'the editor leaves tasks on Stop',
			within: 'cancelOnStop',
			find: 'default: true',
			put: 'default: false',
		},
		{
			name: 'the editor returns images in one item',
			within: 'imageOutput',
			find: "default: 'itemPerImage'",
			put: "default: 'singleItem'",
		},
		{
			name: 'the editor cancels at the time-out',
			within: 'onTimeout',
			find: "default: 'fail'",
			put: "default: 'cancel'",
		},
		{
			name: 'the editor polls every minute',
			within: 'pollInterval',
			find: 'default: 0',
			put: 'default: 60',
		},
		{
			name: 'the editor waits for five minutes',
			within: 'timeout',
			find: 'default: 600',
			put: 'default: 300',
		},
		{
			name: 'the editor takes a time-out of two days',
			within: 'timeout',
			find: 'maxValue: 86400',
			put: 'maxValue: 172800',
		},
		{
			name: 'a request ID may be left out',
			within: 'requestId',
			find: 'required: true',
			put: 'required: false',
		},
		{
			name: 'a field of the file is shown though nothing is downloaded',
			find: 'downloadImages: [true]',
			put: '...{}',
		},
		{
			name: 'a time-out is shown though nothing is waited for',
			within: 'timeout',
			find: 'displayOptions: whereItWaits',
			put: 'displayOptions: {}',
		},
		{
			name: 'how images are returned is shown where none are',
			within: 'imageOutput',
			find: 'displayOptions: whereItDownloads',
			put: 'displayOptions: {}',
		},
	]),
	...mutantsOf('operations/hints', 'workflow/hints', [
		{ name: 'twenty images are many', find: 'MANY_IMAGES = 20', put: 'MANY_IMAGES = 19' },
		{ name: 'twenty-one images are not many', find: 'MANY_IMAGES = 20', put: 'MANY_IMAGES = 21' },
		{
			name: 'hints of Generate are shown everywhere',
			within: 'isGenerate',
			find: '\'($parameter.operation ?? "generate") === "generate"\'',
			put: "'true'",
		},
	]),
	...mutantsOf('operations/requestFields', 'workflow/request', [
		{
			name: 'fields of the body are sent in the query',
			find: "type: 'body'",
			put: "type: 'query'",
		},
	]),
	...mutantsOf('GptImage1.node', 'unit/publicSurface', [
		{ name: 'the node is no tool', find: 'usableAsTool: true', put: 'usableAsTool: undefined' },
		{
			name: 'the base URL is a constant',
			find: "baseURL: '={{$credentials.baseUrl}}'",
			put: "baseURL: 'https://cloud.seaart.ai/model'",
			caughtBy: 'workflow/request',
		},
		{ name: 'a credential may be left out', find: 'required: true', put: 'required: false' },
	]),
	...mutantsOf('credentials/SeaArtApi.credentials', 'unit/credential', [
		{
			name: 'the base URL of the credential is another',
			...field(
				'baseUrl',
				"default: 'https://cloud.seaart.ai/model'",
				"default: 'https://cloud.seaart.ai'",
			),
		},
		{ name: 'the key is shown', ...field('apiKey', '{ password: true }', '{}') },
		{
			name: 'blanks around the key are sent',
			find: '`${credentials.apiKey as string}`.trim()',
			put: '`${credentials.apiKey as string}`',
		},
		{
			name: 'a key that is a number cannot be sent',
			find: '`${credentials.apiKey as string}`.trim()',
			put: '(credentials.apiKey as string).trim()',
		},
		{
			name: 'the key is sent by another scheme',
			find: '`Bearer ${`${credentials.apiKey as string}`.trim()}`',
			put: '`Token ${`${credentials.apiKey as string}`.trim()}`',
		},
		{ name: 'the headers of a call are lost', find: '...request.headers', put: '...{}' },
		{
			name: 'the test of the credential follows redirects with the key',
			find: 'disableFollowRedirect: true',
			put: 'disableFollowRedirect: false',
		},
		{
			name: 'the test of the credential takes an unknown task for a failure',
			find: 'ignore: true',
			put: 'ignore: false',
		},
		{
			name: 'the test of the credential creates a task',
			find: "url: '/v1/queue/gpt_image_1/requests/credential_test/status'",
			put: "url: '/v1/queue/gpt_image_1'",
		},
		{
			name: 'any host passes the test of the credential',
			find: 'detailRule(undefined, notTheQueue)',
			put: "detailRule('x', notTheQueue)",
		},
	]),
];
