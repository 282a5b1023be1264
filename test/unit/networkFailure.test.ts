import { networkFailure } from '../../nodes/GptImage1/task/networkFailure';

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);
const wrapped = (cause: unknown, more: object = {}) => error('wrapped', { cause, ...more });

describe('what the network said, however deep it is wrapped', () => {
	test.each<[unknown, object]>([
		[error('x', { code: 'ECONNRESET' }), { code: 'ECONNRESET', neverSent: false }],
		[wrapped(wrapped(error('x', { code: 'EPIPE' }))), { code: 'EPIPE', neverSent: false }],
		[wrapped(error('x', { code: 'EPIPE' }), { code: '' }), { code: 'EPIPE' }],
		[error('x', { code: 'ECONNREFUSED' }), { code: 'ECONNREFUSED', neverSent: true }],
		[error('x', { code: 'ETIMEDOUT' }), { code: 'ETIMEDOUT', neverSent: false }],
		[
			error('x', { code: 'ETIMEDOUT', syscall: 'connect' }),
			{ code: 'ETIMEDOUT', syscall: 'connect', neverSent: true },
		],
		[
			error('x', { code: 'ETIMEDOUT', cause: error('y', { syscall: 'connect' }) }),
			{ code: 'ETIMEDOUT', syscall: 'connect', neverSent: true },
		],
		[
			error('x', { code: 'ETIMEDOUT', syscall: 'read' }),
			{ code: 'ETIMEDOUT', syscall: 'read', neverSent: false },
		],
	])('%p', (failure, expected) => {
		expect(networkFailure(failure)).toMatchObject({ hopeless: false, ...expected });
	});

	test('n8n 1.123 keeps the code elsewhere, and the sentence of the system', () => {
		const old = error('The connection timed out', {
			httpCode: 'ETIMEDOUT',
			messages: ['connect ETIMEDOUT 10.0.0.1:443'],
		});
		expect(networkFailure(old)).toMatchObject({
			code: 'ETIMEDOUT',
			syscall: 'connect',
			neverSent: true,
		});
		const reset = error('x', { httpCode: 'ECONNRESET', messages: ['read ECONNRESET'] });
		expect(networkFailure(reset)).toMatchObject({ code: 'ECONNRESET', neverSent: false });
	});
});

test.each(['ERR_INVALID_URL', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
	'%s was never sent, and to repeat it is in vain',
	(code) => {
		expect(networkFailure(error('x', { code }))).toMatchObject({ neverSent: true, hopeless: true });
	},
);

test('what n8n refuses by itself was never sent, and to repeat it is in vain', () => {
	const refusal = error('Domain not allowed', { name: 'NodeOperationError' });
	expect(networkFailure(refusal)).toEqual({
		code: 'Domain not allowed',
		neverSent: true,
		hopeless: true,
	});
});

test.each([undefined, null, 'text', 17, {}, new Error('')])(
	'of %p nothing is known, so it may have been sent',
	(failure) => {
		const nothing = { code: 'no answer', neverSent: false, hopeless: false };
		expect(networkFailure(failure)).toEqual(nothing);
	},
);

test('a circle of causes has an end', () => {
	const circle = error('round');
	circle.cause = circle;
	expect(networkFailure(circle)).toMatchObject({ code: 'round', neverSent: false });
});
