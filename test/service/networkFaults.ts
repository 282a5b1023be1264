/** Failures of a connection as Node.js and axios report them; held against real sockets by a test. */

export type NetworkFault = { code: string; message: string; syscall?: string };

/** In which nothing reaches the service. */
export const NEVER_SENT = {
	refused: systemCall('connect', 'ECONNREFUSED', ' 10.0.0.1:443'),
	nameNotFound: systemCall('getaddrinfo', 'ENOTFOUND', ' cloud.seaart.example'),
	connectTimeout: systemCall('connect', 'ETIMEDOUT', ' 10.0.0.1:443'),
	hostUnreachable: systemCall('connect', 'EHOSTUNREACH', ' 10.0.0.1:443'),
};

function systemCall(syscall: string, code: string, where = ''): NetworkFault {
	return { code, message: `${syscall} ${code}${where}`, syscall };
}

/** A connection that was there and broke: before an answer came, or in the middle of it. */
export const HUNG_UP: NetworkFault = { code: 'ECONNRESET', message: 'socket hang up' };
export const RESET = systemCall('read', 'ECONNRESET');
export const CONNECTION_CUT: NetworkFault = { code: 'ECONNRESET', message: 'aborted' };

export const systemError = ({ code, message, syscall }: NetworkFault): Error =>
	Object.assign(new Error(message), { code, ...(syscall && { syscall }) });
