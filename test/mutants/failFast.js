const { TestEnvironment } = require('jest-environment-node');

/** Skips the tests of a file that follow a failed one: a mutant need not be caught twice. */
module.exports = class extends TestEnvironment {
	hasFailed = false;

	async handleTestEvent({ name, test }) {
		if (name === 'test_fn_failure' || name === 'hook_failure') this.hasFailed = true;
		if (name === 'test_start' && this.hasFailed) test.mode = 'skip';
	}
};
