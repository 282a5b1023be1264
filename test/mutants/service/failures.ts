import { mutantsOf } from '../mutant';

export const failures = [
	...mutantsOf('service/networkFailure', 'unit/service/networkFailure', [
		{
			name: 'a host that is not found may have been sent to',
			find: '/^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|UND_ERR_CONNECT_TIMEOUT)$/',
			put: '/^ECONNREFUSED$/',
		},
		{
			name: 'a connection that broke was never sent',
			find: '(inConnect && NOT_CONNECTED_IN_CONNECT.test(code))',
			put: 'NOT_CONNECTED_IN_CONNECT.test(code)',
		},
		{
			name: 'a connection that timed out may have been sent to',
			find: '(inConnect && NOT_CONNECTED_IN_CONNECT.test(code))',
			put: 'false',
		},
		{
			name: 'one of several addresses that failed is enough',
			find: 'errors.every((error) => networkFailure(error).neverSent)',
			put: 'errors.some((error) => networkFailure(error).neverSent)',
		},
		{ name: 'no address at all was never sent to', find: 'errors.length > 0', put: 'true' },
		{
			name: 'several addresses may have been sent to',
			find: 'layers.some(isNotConnected)',
			put: 'false',
		},
		{
			name: 'what n8n refuses may have been sent',
			find: 'layers.some(isRefusedByN8n)',
			put: 'false',
		},
		{
			name: 'a credential that could not be read may have been sent',
			find: 'error instanceof CredentialUnavailable',
			put: 'false',
		},
		{
			name: 'a base URL without a scheme may have been sent to',
			find: 'sentences.some((said) => NO_SCHEME.test(said))',
			put: 'false',
		},
		{
			name: 'https to a port without TLS may have been sent',
			find: "code === 'EPROTO'",
			put: 'false',
		},
		{
			name: 'a certificate that does not verify may have been sent to',
			find: 'UNSENDABLE.test(code)',
			put: 'false',
		},
		{
			name: "the code of n8n 1.123's errors is not read",
			find: '...layers.map(({ httpCode }) => httpCode)',
			put: '',
		},
		{
			name: "axios's code hides that of the system",
			find: "!one.startsWith('ERR_BAD_')",
			put: 'true',
		},
		{ name: 'only the outermost error is read', find: '(layer as Layer).cause', put: 'undefined' },
	]),
	...mutantsOf('service/redact', 'unit/service/redact', [
		{
			name: 'the service may repeat the key',
			within: 'redactor',
			put: 'return (value) => value;',
			seenAs: 'keyIsKept',
		},
		{
			name: 'a short word is taken for the key',
			find: 'MIN_LENGTH = 6',
			put: 'MIN_LENGTH = 5',
		},
		{ name: 'what is nested is not looked through', find: 'MAX_DEPTH = 100', put: 'MAX_DEPTH = 1' },
		{ name: 'the key in capitals is not known', find: "'gi'", put: "'g'" },
		{ name: 'the key is looked for with its blanks', find: 'key.trim()', put: 'key' },
		{
			name: 'the key as HTML is not known',
			find: 'trimmed.replace(/[&<>"\']/g, (character) => HTML[character] ?? character)',
			put: 'trimmed',
		},
		{
			name: 'the key as JSON is not known',
			find: 'JSON.stringify(text).slice(1, -1)',
			put: 'text',
		},
		{
			name: 'the key as a part of a URL is not known',
			find: 'encodeURIComponent(text)',
			put: 'text',
		},
		{
			name: 'the key may be a name',
			find: '[inText(name), inValue(one, depth + 1)]',
			put: '[name, inValue(one, depth + 1)]',
		},
		{
			name: 'signs of the key mean something in the pattern',
			find: "text.replace(/[.*+?^${}()|[\\]\\\\/-]/g, '\\\\$&')",
			put: 'text',
		},
		{
			name: 'a list is not looked through',
			find: 'value.map((one) => inValue(one, depth + 1))',
			put: 'value',
		},
	]),
	...mutantsOf('service/serviceMessage', 'unit/service/serviceMessage', [
		{
			name: 'the tags of a page are sought by a pattern that goes back over them',
			find: 'body.slice(0, MAX_PAGE)',
			put: "body.slice(0, 50_000).replace(/<[^>]*>/g, ' ')",
			seenAs: 'turnsAreShort',
		},
		{ name: 'the title of a page is not read', find: 'text(title)', put: 'undefined' },
		{ name: 'a list of details is not read', find: 'Array.isArray(detail)', put: 'false' },
		{
			name: 'all details are passed on',
			find: '(detail as unknown[]).slice(0, MAX_DETAILS)',
			put: '(detail as unknown[])',
		},
		{ name: 'the message of an error is not read', find: 'text(error.message)', put: 'undefined' },
		{ name: 'the message of a status is not read', find: 'text(status.message)', put: 'undefined' },
		{
			name: 'where a detail belongs is not told',
			find: '[location, text(entry.msg)]',
			put: '[text(entry.msg)]',
		},
		{
			name: 'the ID of a task is told as that of a call',
			find: '!isObject(body) || body.error === undefined',
			put: '!isObject(body)',
		},
	]),
];
