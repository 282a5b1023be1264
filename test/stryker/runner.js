const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { default: JestRunner } = require('jest-runner');

/** Beside the copy's package.json: a mutant that hangs takes the process with it. */
const FILE = 'stryker-tests.json';

/** Of each test file its tests and how long it takes, as the first run has shown, which has no mutant. */
const read = () => (existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {});

/**
 * Runs the test files one after the other, the quick ones first, and ends with the first that fails: a
 * mutant need not be caught twice. A file none of whose tests was chosen by name is not even loaded.
 */
module.exports = class extends JestRunner {
	async runTests(tests, watcher, options) {
		const runOne = async (test) =>
			await super.runTests([test], watcher, { ...options, serial: true });
		if (process.env.__STRYKER_ACTIVE_MUTANT__ === undefined) {
			const seen = {};
			this.on('test-file-success', ([{ path }, { testResults, perfStats }]) => {
				const names = testResults.map(({ fullName }) => fullName);
				seen[path] = { names, duration: perfStats.end - perfStats.start };
			});
			for (const test of tests) await runOne(test);
			return writeFileSync(FILE, JSON.stringify(seen));
		}
		let hasFailed = false;
		this.on('test-file-failure', () => (hasFailed = true));
		this.on('test-file-success', ([, { numFailingTests }]) => (hasFailed ||= numFailingTests > 0));
		const seen = read();
		const chosen = new RegExp(this._globalConfig.testNamePattern ?? '', 'i');
		const reaching = tests.filter(({ path }) => seen[path].names.some((name) => chosen.test(name)));
		reaching.sort((one, other) => seen[one.path].duration - seen[other.path].duration);
		for (const test of reaching) if (!hasFailed) await runOne(test);
	}
};
