import { existsSync } from 'node:fs';

const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium that drives the editor. Throws, with how to get one, where there is none. */
export function installedBrowser(): string {
	const { CHROMIUM_PATH } = process.env;
	const found = [CHROMIUM_PATH ?? '', ...USUAL_PLACES].find((path) => path && existsSync(path));
	if (found) return found;
	throw new Error(
		`No Chromium was found, which the tests in the editor need.
Debian and Ubuntu: apt-get install chromium. Elsewhere install Chrome or Chromium and set
CHROMIUM_PATH to its executable.`,
	);
}
