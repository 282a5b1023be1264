/** What every kind of test shares: TypeScript through swc, real timers, one place for coverage. */
const shared = {
	rootDir: __dirname,
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': ['@swc/jest', { sourceMaps: 'inline' }] },
	modulePathIgnorePatterns: ['<rootDir>/dist/package.json', '<rootDir>/test/n8n/'],
	// The engine loads the package from dist/; under test that is its source, so that coverage counts.
	moduleNameMapper: { [`^${__dirname}/dist/((?:nodes|credentials)/.*)\\.js$`]: '<rootDir>/$1.ts' },
};

const kind = (name) => ({
	...shared,
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
});

module.exports = {
	projects: ['unit', 'workflow', 'package'].map(kind),
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text-summary', 'lcovonly'],
};
