import { createServer } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A certificate for `service.test` that nobody has signed, good for a hundred years, and its key. It is
 * for servers of tests on loopback alone and protects nothing.
 */
const SELF_SIGNED = {
	cert: `-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUAssvpoufuAnm+pzKkido14PH35kwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2VydmljZS50ZXN0MCAXDTI2MTEyNDExMzgyNFoYDzIxMjYx
MDMxMTEzODI0WjAXMRUwEwYDVQQDDAxzZXJ2aWNlLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAT63uMJl4xeYRFOyDGX2Xojbro8kmjgwFP2bNtYpDSa++D6
6hj0FLSseOxm+cjXgCTDgvGf6XV6mM+q5/Unguk5o1MwUTAdBgNVHQ4EFgQU2XtR
EWYKNbU5Ushil5vKTC43LtswHwYDVR0jBBgwFoAU2XtREWYKNbU5Ushil5vKTC43
LtswDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEApsDJN03c7Ikj
jkiJl7zVnuDHedLrRcdKOqOhNYEEFWQCIF0oG03JULeRnRtJgFllADtwpFX2dlFI
hCOFunO4Ctv8
-----END CERTIFICATE-----`,
	key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/JK4ZrbY2fYJCujG
9aex+dPRFzUcqGBDmZAC/eBfNdWhRANCAAT63uMJl4xeYRFOyDGX2Xojbro8kmjg
wFP2bNtYpDSa++D66hj0FLSseOxm+cjXgCTDgvGf6XV6mM+q5/Unguk5
-----END PRIVATE KEY-----`,
};

/** A server on loopback with that certificate. @returns its origin, and how to end it */
export async function startSelfSigned(listener?: RequestListener, options: object = {}) {
	const server = createServer({ ...SELF_SIGNED, ...options }, listener);
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	const end = () => {
		server.closeAllConnections();
		server.close();
	};
	return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, end };
}
