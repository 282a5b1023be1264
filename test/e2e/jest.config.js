/** Which n8n runs (a folder of test/n8n); `npm run e2e -- --n8n 1.123` sets it. */
const n8n = process.env.E2E_N8N ?? '2.41';

/** The editor of an older n8n has other pages: there the operations, the money and Stop count. */
const folders = n8n === '2.41' ? '**' : '{operations,money}';

/** The tests in a running n8n, `npm run e2e`. One n8n serves them all, so they run one by one. */
module.exports = {
	rootDir: __dirname,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/${folders}/*.test.ts`],
	// A cluster of its own: `npm run e2e:queue`.
	testPathIgnorePatterns: ['<rootDir>/queue/'],
	transform: { '^.+\\.ts$': ['@swc/jest', { sourceMaps: 'inline' }] },
	globalSetup: '<rootDir>/setUp.ts',
	globalTeardown: '<rootDir>/tearDown.ts',
	reporters: [
		['default', { summaryThreshold: Infinity }],
		'<rootDir>/counts.js',
		'<rootDir>/../notNothing.js',
	],
	maxWorkers: 1,
	verbose: true,
	testTimeout: 120_000,
};
