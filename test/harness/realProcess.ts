import { readFileSync } from 'node:fs';

/**
 * The process itself. Jest hands each test a copy, on which no listener is ever called for an unhandled
 * rejection; what Node.js gives from outside the test's context still knows the original.
 */
export const realProcess = (readFileSync.constructor as (source: string) => () => NodeJS.Process)(
	'return process',
)();
