/** Ends all output with one line for people and programs: `N passed, N failed`. */
module.exports = class Counts {
	onRunComplete(_contexts, results) {
		const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = results;
		const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
		const failed = numFailedTests + numRuntimeErrorTestSuites;
		// Jest's own summary comes after every reporter, and the tear-down after that.
		process.once('exit', () => {
			console.log(`${numPassedTests} passed, ${failed} failed${skipped}`);
		});
	}
};
