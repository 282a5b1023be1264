const { default: JestRunner } = require('jest-runner');

/** By test file, the names of the tests in it: known from the first run, which is that of no mutant. */
const namesIn = new Map();

const isUnit = ({ path }) => path.includes('/test/unit/');

/**
 * Runs the test files one after the other, the unit tests first, and ends with the first that fails:
 * a mutant need not be caught twice. A file without a test that was chosen by name is not even loaded.
 */
module.exports = class extends JestRunner {
	async runTests(tests, watcher, options) {
		let hasFailed = false;
		this.on('test-file-failure', () => (hasFailed = true));
		this.on('test-file-success', ([{ path }, { testResults, numFailingTests }]) => {
			hasFailed ||= numFailingTests > 0;
			namesIn.set(
				path,
				testResults.map(({ fullName }) => fullName),
			);
		});
		const { testNamePattern } = this._globalConfig;
		const chosen = new RegExp(testNamePattern ?? '', 'i');
		const order = [...tests].sort((a, b) => isUnit(b) - isUnit(a));
		for (const test of order) {
			if (hasFailed && testNamePattern) break;
			const names = namesIn.get(test.path);
			if (names && !names.some((name) => chosen.test(name))) continue;
			await super.runTests([test], watcher, { ...options, serial: true });
		}
	}
};
