/** The tests in a running n8n, `npm run e2e`. One n8n serves them all, so they run one by one. */
module.exports = {
	rootDir: __dirname,
	testEnvironment: 'node',
	testMatch: ['<rootDir>/**/*.test.ts'],
	transform: { '^.+\\.ts$': ['@swc/jest', { sourceMaps: 'inline' }] },
	setupFilesAfterEnv: ['<rootDir>/onceMore.js'],
	globalSetup: '<rootDir>/setUp.ts',
	globalTeardown: '<rootDir>/tearDown.ts',
	reporters: [['default', { summaryThreshold: Infinity }], '<rootDir>/counts.js'],
	maxWorkers: 1,
	verbose: true,
	testTimeout: 120_000,
};
