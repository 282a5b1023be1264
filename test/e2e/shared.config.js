/** What every kind of end-to-end test shares. */
const shared = {
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

/** Tests that start an n8n of their own, each file one, and kill its processes. */
const ownN8n = (rootDir) => ({
	...shared,
	rootDir,
	testMatch: ['<rootDir>/*.test.ts'],
});

module.exports = { shared, ownN8n };
