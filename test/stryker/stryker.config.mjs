export default {
	testRunner: 'jest',
	// The engine loads the node by its path in dist/, so Jest cannot tell which tests are related;
	// the runner leaves out those that do not reach a mutant.
	jest: { configFile: 'test/stryker/jest.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	// swc checks no types.
	disableTypeChecks: false,
	tempDirName: 'out/stryker',
	cleanTempDir: 'always',
	ignorePatterns: ['out', 'coverage'],
	thresholds: { high: 100, low: 90, break: 90 },
	reporters: ['clear-text', 'progress', 'json'],
	jsonReporter: { fileName: 'out/stryker.json' },
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
