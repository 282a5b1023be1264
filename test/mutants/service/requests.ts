import { mutantsOf } from '../mutant';

export const requests = [
	...mutantsOf('service/requestBody', 'unit/service/requestBody', [
		{
			name: 'a prompt may be longer than the service takes',
			find: 'MAX_PROMPT = 32_000',
			put: 'MAX_PROMPT = 33_000',
		},
		{
			name: 'an emoji counts twice',
			find: 'value.length > MAX_PROMPT ? [...value] : value',
			put: 'value',
		},
		{
			name: 'a prompt may be blank',
			find: "value.trim() === ''",
			within: 'promptText',
			put: 'false',
		},
		{
			name: 'any size is taken',
			find: "typeof value === 'string' && options.includes(value)",
			put: "typeof value === 'string'",
		},
		{ name: 'half an image is taken', find: 'Number.isInteger(given)', put: 'true' },
		{ name: 'eleven images are taken', find: 'wholeNumber(1, 10)', put: 'wholeNumber(1, 11)' },
		{ name: 'no image is taken', find: 'wholeNumber(1, 10)', put: 'wholeNumber(0, 10)' },
		{
			name: 'a compression of 101 is taken',
			find: 'wholeNumber(0, 100)',
			put: 'wholeNumber(0, 101)',
		},
		{
			name: 'a number in a text is refused',
			find: "typeof value === 'string' && value.trim() !== '' ? Number(value) : value",
			put: 'value',
		},
		{ name: 'what is left at its default is sent', find: 'value !== byDefault', put: 'true' },
		{
			name: 'an empty option is sent',
			within: 'createBody',
			find: 'isLeftEmpty(given, name)',
			put: 'false',
		},
		{
			name: 'an empty prompt is left out',
			find: "!['prompt', 'n', 'size', 'quality'].includes(name)",
			put: 'true',
		},
		{
			name: 'a transparent JPEG is asked for',
			find: "background === 'transparent' && format === 'jpeg'",
			put: 'false',
		},
		{
			name: 'a PNG is compressed',
			find: "format === 'png'",
			put: 'false',
		},
		{
			name: 'each prompt is a kind of its own',
			find: 'FIELDS[name]?.affectsDuration !== false',
			put: 'true',
		},
		{ name: 'all tasks are of one kind', within: 'durationKind', put: "return '';" },
	]),
	...mutantsOf('service/requestId', 'unit/service/requestId', [
		{
			name: 'a request ID may lead elsewhere',
			find: '/^(?!\\.{1,2}$)[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u',
			put: '/^.{1,200}$/u',
		},
		{
			name: 'a request ID may be a folder',
			find: '/^(?!\\.{1,2}$)[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u',
			put: '/^[^\\s/?#\\\\%\\u0000-\\u001f\\u007f]{1,200}$/u',
		},
		{
			name: 'a pasted URL is not understood',
			find: 'IN_URL.exec(value)?.[1] ?? value',
			put: 'value',
		},
		{
			name: 'a number that was rounded is a request ID',
			find: 'Number.isSafeInteger(given)',
			put: "typeof given === 'number'",
		},
	]),
];
