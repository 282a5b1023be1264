/** A run of Jest in which no test has run, for example by a title that none has, is no success. */
module.exports = class {
	onRunComplete(_contexts, { numPassedTests, numFailedTests }) {
		this.ranNothing = numPassedTests + numFailedTests === 0;
		if (this.ranNothing) console.error('No test has run.');
	}

	getLastError() {
		return this.ranNothing ? new Error('No test has run') : undefined;
	}
};
