import { NodeOperationError, OperationalError, UnexpectedError, UserError } from 'n8n-workflow';
import {
	CredentialUnavailable,
	networkFailure,
} from '../../../nodes/GptImage1/service/networkFailure';

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);
const wrapped = (cause: unknown, more: object = {}) => error('wrapped', { cause, ...more });

const SENT = { neverSent: false, hopeless: false };
const NEVER_SENT = { neverSent: true, hopeless: false };
const HOPELESS = { neverSent: true, hopeless: true };

describe('the code of the system, however deep it is wrapped', () => {
	const pipe = { code: 'EPIPE' };
	test.each<[unknown, string]>([
		[error('x', pipe), 'EPIPE'],
		[wrapped(wrapped(error('x', pipe))), 'EPIPE'],
		[wrapped(error('x', pipe), { code: '' }), 'EPIPE'],
		[wrapped(error('x', pipe), { code: 'ERR_BAD_REQUEST' }), 'EPIPE'],
		[Object.assign(Object.create(null), pipe), 'EPIPE'],
		...[['EPIPE'], 'an EPIPE', 'EPIPE!'].map((code): [unknown, string] => [
			...([error('x', { code }), 'x'] as const),
		]),
	])('%p', (failure, code) => expect(networkFailure(failure)).toEqual({ code, ...SENT }));

	test.each([
		['ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:443', NEVER_SENT],
		['ECONNRESET', 'read ECONNRESET', SENT],
	])('n8n 1.123 keeps it elsewhere, and what the system says: %s', (code, said, sent) => {
		const old = error('The connection timed out', { httpCode: code, messages: [said] });
		expect(networkFailure(old)).toEqual({ code, ...sent });
	});
});

describe('a connection that did not come about: nothing was sent', () => {
	test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'UND_ERR_CONNECT_TIMEOUT'])(
		'%s',
		(code) => expect(networkFailure(error('x', { code }))).toEqual({ code, ...NEVER_SENT }),
	);

	test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES'])(
		'%s in connect',
		(code) => {
			const bySyscall = error('x', { code, syscall: 'connect' });
			const inCause = error('x', { code, cause: error('y', { syscall: 'connect' }) });
			const bySentence = error(`connect ${code} 10.0.0.1:443`, { code });
			for (const failure of [bySyscall, inCause, bySentence]) {
				expect(networkFailure(failure)).toEqual({ code, ...NEVER_SENT });
			}
		},
	);

	const refused = error('connect ECONNREFUSED ::1:1', { code: 'ECONNREFUSED' });
	const late = error('connect ETIMEDOUT 10.0.0.1:1', { code: 'ETIMEDOUT', syscall: 'connect' });
	const reset = error('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' });

	test.each([
		['several addresses, none of which could be connected to', [refused, late], NEVER_SENT],
		['several addresses, one of which was connected to', [refused, reset], SENT],
		['an AggregateError without errors says nothing', [], SENT],
	])('%s', (_what, errors, sent) => {
		expect(networkFailure(wrapped(new AggregateError(errors, 'x')))).toMatchObject(sent);
	});
});

describe('an open connection that broke: the request may have been sent', () => {
	test.each([
		error('socket hang up', { code: 'ECONNRESET' }),
		error('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' }),
		error('read ETIMEDOUT', { code: 'ETIMEDOUT', syscall: 'read' }),
		error('write EPIPE', { code: 'EPIPE', syscall: 'write' }),
		error('timeout of 30000ms exceeded', { code: 'ECONNABORTED' }),
		error('timeout of 30000ms exceeded', { code: 'ETIMEDOUT' }),
		error('stream has been aborted', { code: 'ERR_BAD_RESPONSE' }),
		error('read EHOSTUNREACH', { code: 'EHOSTUNREACH', syscall: 'read' }),
		error('the proxy says: connect ETIMEDOUT', { code: 'ETIMEDOUT' }),
		error('the proxy says: Unsupported protocol'),
		error('reset in the middle of a handshake failure', { code: 'ECONNRESET' }),
		error('write EPROTO 40:error:0A000126:SSL routines::unexpected eof', { code: 'EPROTO' }),
	])('%p', (failure) => expect(networkFailure(failure)).toMatchObject(SENT));
});

test.each([
	...['ECONNREFUSED', 'EHOSTUNREACH', 'ERR_INVALID_URL', 'INVALID_CA'],
	'ERR_SSL_WRONG_VERSION_NUMBER',
])('a code that only contains %s says nothing', (known) => {
	for (const code of [`X${known}`, `${known}X`]) {
		expect(networkFailure(error('x', { code, syscall: 'connect' }))).toMatchObject(SENT);
	}
});

describe('nothing was sent, and repeating it is hopeless', () => {
	test.each([
		...['ERR_INVALID_URL', 'ERR_INVALID_PROTOCOL', 'ERR_TLS_CERT_ALTNAME_INVALID'],
		...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
		...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'INVALID_CA'],
		...['CRL_HAS_EXPIRED', 'ERROR_IN_CERT_NOT_AFTER_FIELD', 'HOSTNAME_MISMATCH'],
		...['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
	])('%s', (code) => {
		expect(networkFailure(wrapped(error('x', { code })))).toEqual({ code, ...HOPELESS });
	});

	test('https to a port that speaks no TLS', () => {
		const said = 'write EPROTO 00D0:error:0A00010B:SSL routines:get_record:wrong version number:\n';
		const failure = error(said, { code: 'EPROTO', syscall: 'write' });
		expect(networkFailure(wrapped(failure))).toEqual({ code: 'EPROTO', ...HOPELESS });
	});

	test.each(['Unsupported protocol localhost:', 'Invalid URL'])('%s, without a code', (said) => {
		expect(networkFailure(wrapped(error(said)))).toEqual({ code: said, ...HOPELESS });
	});

	class SsrfBlockedIpError extends UserError {}
	const node = { name: 'Image', type: 'x', typeVersion: 1, parameters: {}, id: '', position: [] };

	test.each([
		new SsrfBlockedIpError('Not allowed'),
		new UserError('Not allowed'),
		new OperationalError('Not allowed'),
		new UnexpectedError('Not allowed'),
		new NodeOperationError(node as never, 'Not allowed'),
		new NodeOperationError(node as never, new Error('Not allowed')),
	])('a refusal by n8n itself: %p', (refusal) => {
		expect(networkFailure(refusal)).toEqual({ code: 'Not allowed', ...HOPELESS });
		expect(networkFailure(wrapped(refusal))).toMatchObject(HOPELESS);
	});

	test.each([
		[new Error('No such credential'), 'No such credential'],
		[undefined, 'The credential could not be read'],
	])('a credential that cannot be read (%p)', (cause, code) =>
		expect(networkFailure(new CredentialUnavailable(cause))).toEqual({ code, ...HOPELESS }),
	);
});

test.each([undefined, null, 'text', 17, {}, new Error('')])(
	'of %p nothing is known, so it may have been sent',
	(failure) => expect(networkFailure(failure)).toEqual({ code: 'no response', ...SENT }),
);

test('without a code it is what was said, as one short line', () => {
	const { code } = networkFailure(error(`one\n \ttwo ${'x'.repeat(1000)}`));
	expect(code).toMatch(/^one two x{192}$/);
});

test('a circle of causes has an end', () => {
	const circle = error('round');
	circle.cause = circle;
	expect(networkFailure(circle)).toEqual({ code: 'round', ...SENT });
});
