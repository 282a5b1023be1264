/** Failures of a connection as Node.js and axios report them; held against real sockets by a test. */

export type NetworkFault = { code: string; message: string; syscall?: string };

/** In which nothing reaches the service. */
export const NEVER_SENT = {
	refused: {
		code: 'ECONNREFUSED',
		message: 'connect ECONNREFUSED 10.0.0.1:443',
		syscall: 'connect',
	},
	nameNotFound: {
		code: 'ENOTFOUND',
		message: 'getaddrinfo ENOTFOUND cloud.seaart.example',
		syscall: 'getaddrinfo',
	},
	connectTimeout: {
		code: 'ETIMEDOUT',
		message: 'connect ETIMEDOUT 10.0.0.1:443',
		syscall: 'connect',
	},
	hostUnreachable: {
		code: 'EHOSTUNREACH',
		message: 'connect EHOSTUNREACH 10.0.0.1:443',
		syscall: 'connect',
	},
} as const satisfies Record<string, NetworkFault>;

/** A connection that was there and broke: before an answer came, or in the middle of it. */
export const HUNG_UP: NetworkFault = { code: 'ECONNRESET', message: 'socket hang up' };
export const RESET: NetworkFault = {
	code: 'ECONNRESET',
	message: 'read ECONNRESET',
	syscall: 'read',
};
export const CONNECTION_CUT: NetworkFault = { code: 'ECONNRESET', message: 'aborted' };

export const systemError = ({ code, message, syscall }: NetworkFault): Error =>
	Object.assign(new Error(message), { code, ...(syscall && { syscall }) });
