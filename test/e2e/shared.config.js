/** What every kind of end-to-end test shares. */
module.exports = {
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': ['@swc/jest', { sourceMaps: 'inline' }] },
	reporters: [
		['default', { summaryThreshold: Infinity }],
		`${__dirname}/counts.js`,
		`${__dirname}/../notNothing.js`,
	],
	maxWorkers: 1,
	verbose: true,
	testTimeout: 120_000,
};
