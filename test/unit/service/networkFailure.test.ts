import { NodeOperationError, OperationalError, UnexpectedError, UserError } from 'n8n-workflow';
import * as failures from '../../../nodes/GptImage1/service/networkFailure';

const { CredentialUnavailable, networkFailure } = failures;

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);
const wrapped = (cause: unknown, more: object = {}) => error('wrapped', { cause, ...more });

const SENT = { neverSent: false, hopeless: false };
const NEVER_SENT = { neverSent: true, hopeless: false };
const HOPELESS = { neverSent: true, hopeless: true };

const pipe = { code: 'EPIPE' };
const circle = error('round');
circle.cause = circle;

describe('the code of the system, however deep it is wrapped, or else what was said', () => {
	test.each<[unknown, string]>([
		[error('x', pipe), 'EPIPE'],
		[wrapped(wrapped(error('x', pipe))), 'EPIPE'],
		[wrapped(error('x', pipe), { code: '' }), 'EPIPE'],
		[wrapped(error('x', pipe), { code: 'ERR_BAD_REQUEST' }), 'EPIPE'],
		[Object.assign(Object.create(null), pipe), 'EPIPE'],
		[error('x', { code: ['EPIPE'] }), 'x'],
		[error('x', { code: 'an EPIPE' }), 'x'],
		[error('x', { code: 'EPIPE!' }), 'x'],
		[error(`one\n \ttwo ${'x'.repeat(1000)}`), `one two ${'x'.repeat(192)}`],
		[circle, 'round'],
	])('%p', (failure, code) => expect(networkFailure(failure)).toEqual({ code, ...SENT }));

	test.each([undefined, null, 'text', 17, {}, new Error('')])('%p', (nothing) => {
		expect(networkFailure(nothing)).toEqual({ code: 'no response', ...SENT });
	});

	test.each([
		['ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:443', NEVER_SENT],
		['ECONNRESET', 'read ECONNRESET', SENT],
	])('n8n 1.123 keeps it elsewhere, and what the system says: %s', (code, said, sent) => {
		const old = error('The connection timed out', { httpCode: code, messages: [said] });
		expect(networkFailure(old)).toEqual({ code, ...sent });
	});
});

const DNS = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'];
const NOT_CONNECTED = ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', ...DNS];
const CONNECT = { syscall: 'connect' };
const IN_CONNECT = ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES'];
const UNSENDABLE = [
	...['ERR_INVALID_URL', 'ERR_INVALID_PROTOCOL', 'ERR_TLS_CERT_ALTNAME_INVALID'],
	...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
	...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'INVALID_CA'],
	...['CRL_HAS_EXPIRED', 'ERROR_IN_CERT_NOT_AFTER_FIELD', 'HOSTNAME_MISMATCH'],
	...['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
];

test.each([
	['did not connect', NOT_CONNECTED, {}, NEVER_SENT],
	['failed in connect', IN_CONNECT, CONNECT, NEVER_SENT],
	['did so in a layer below', IN_CONNECT, { cause: CONNECT }, NEVER_SENT],
	['broke an open connection', IN_CONNECT, { syscall: 'read' }, SENT],
	['cannot be sent, however often it is repeated', UNSENDABLE, {}, HOPELESS],
])('a request that %s: %j', (_what, codes, more, known) => {
	for (const code of codes) {
		expect(networkFailure(error('x', { code, ...more }))).toEqual({ code, ...known });
		expect(networkFailure(wrapped(error('x', { code, ...more })))).toEqual({ code, ...known });
	}
});

test.each([
	...['ECONNREFUSED', 'EHOSTUNREACH', 'ERR_INVALID_URL', 'INVALID_CA'],
	'ERR_SSL_WRONG_VERSION_NUMBER',
])('a code that only contains %s says nothing', (known) => {
	for (const code of [`X${known}`, `${known}X`]) {
		expect(networkFailure(error('x', { code, syscall: 'connect' }))).toMatchObject(SENT);
	}
});

const ofSystem = (code: string, message: string, syscall?: string) =>
	error(message, { code, ...(syscall && { syscall }) });
const refused = ofSystem('ECONNREFUSED', 'connect ECONNREFUSED ::1:1');
const late = ofSystem('ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:1', 'connect');
const reset = ofSystem('ECONNRESET', 'read ECONNRESET', 'read');
const several = (...errors: Error[]) => wrapped(new AggregateError(errors, 'x'));

const NO_TLS = 'write EPROTO 00D0:error:0A00010B:SSL routines:get_record:wrong version number:\n';
const ENDED_TLS = 'write EPROTO 40:error:0A000126:SSL routines::unexpected eof';

test.each<[string, Error, object]>([
	['a sentence that begins with connect', ofSystem('EACCES', 'connect EACCES ::1:1'), NEVER_SENT],
	['several addresses, none of which could be connected to', several(refused, late), NEVER_SENT],
	['several addresses, one of which was connected to', several(refused, reset), SENT],
	['an AggregateError without errors', several(), SENT],
	['a connection that hung up', ofSystem('ECONNRESET', 'socket hang up'), SENT],
	['a connection that broke', reset, SENT],
	['a request that was cut off', ofSystem('EPIPE', 'write EPIPE', 'write'), SENT],
	["axios' time-out", ofSystem('ECONNABORTED', 'timeout of 30000ms exceeded'), SENT],
	["axios' time-out, by another name", ofSystem('ETIMEDOUT', 'timeout of 30000ms exceeded'), SENT],
	['a response that was cut off', ofSystem('ERR_BAD_RESPONSE', 'stream has been aborted'), SENT],
	['a proxy that tells of a connect', ofSystem('ETIMEDOUT', 'it says: connect ETIMEDOUT'), SENT],
	['a proxy that tells of a protocol', error('it says: Unsupported protocol'), SENT],
	['a broken handshake', ofSystem('ECONNRESET', 'reset in a handshake failure'), SENT],
	['TLS that ended', ofSystem('EPROTO', ENDED_TLS), SENT],
	['https to a port that speaks no TLS', wrapped(ofSystem('EPROTO', NO_TLS, 'write')), HOPELESS],
	['an unknown scheme', wrapped(error('Unsupported protocol localhost:')), HOPELESS],
	['no URL', wrapped(error('Invalid URL')), HOPELESS],
])('%s', (_what, failure, known) => expect(networkFailure(failure)).toMatchObject(known));

class SsrfBlockedIpError extends UserError {}
const node = { name: 'Image', type: 'x', typeVersion: 1, parameters: {}, id: '', position: [] };

test.each([
	new SsrfBlockedIpError('Not allowed'),
	new UserError('Not allowed'),
	new OperationalError('Not allowed'),
	new UnexpectedError('Not allowed'),
	new NodeOperationError(node as never, 'Not allowed'),
	new NodeOperationError(node as never, new Error('Not allowed')),
	wrapped(new UserError('Not allowed')),
	new CredentialUnavailable(new Error('Not allowed')),
])('a refusal by n8n itself is hopeless: %p', (refusal) => {
	expect(networkFailure(refusal)).toEqual({ code: 'Not allowed', ...HOPELESS });
});

test('a credential that gives no reason', () => {
	const { code } = networkFailure(new CredentialUnavailable(undefined));
	expect(code).toBe('The credential could not be read');
});
