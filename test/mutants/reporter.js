/** Tells of each mutant as soon as its test file has run. */
module.exports = class {
	onTestResult({ context }, { numFailingTests, perfStats, failureMessage }) {
		const { name } = context.config.displayName;
		const seconds = (perfStats.runtime / 1000).toFixed(1).padStart(6);
		console.log(`${numFailingTests > 0 ? 'caught  ' : 'SURVIVED'} ${seconds} s  ${name}`);
		if (numFailingTests === 0 && failureMessage) console.log(failureMessage);
	}
};
