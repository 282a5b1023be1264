const { availableParallelism } = require('node:os');

/**
 * ENGINE=1.122 runs the tests on the engine of n8n 1.123, which test/core-versions/1.122 installs; without
 * it they run on the engine of the development dependencies.
 */
const engine = process.env.ENGINE && {
	'^n8n-workflow$': require.resolve('n8n-workflow', {
		paths: [`${__dirname}/test/core-versions/${process.env.ENGINE}`],
	}),
};

/** What every kind of test shares: TypeScript through swc, and one place for coverage. */
const shared = {
	rootDir: __dirname,
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': ['@swc/jest', { sourceMaps: 'inline' }] },
	modulePathIgnorePatterns: ['<rootDir>/(dist/package.json|test/n8n/|out/)'],
	moduleNameMapper: {
		// The engine loads the package from dist/; here that is its source, so that coverage counts.
		// What is packed from dist/ is run as it is by the package tests.
		[`^${__dirname}/dist/((?:nodes|credentials)/.*)\\.js$`]: '<rootDir>/$1.ts',
		...engine,
	},
};

/** These load dist/, the simulation among them. */
const BUILT = { globalSetup: `${__dirname}/test/build.ts` };

const kind = (name, options = {}) => ({
	...shared,
	displayName: name,
	...options,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	// The simulation's invariants are those of today's engine: an older one leaves listeners behind on
	// signals that nobody holds, and tells no node of the end of its execution.
	testPathIgnorePatterns: engine ? ['/node_modules/', 'simulation.test.ts'] : ['/node_modules/'],
});

module.exports = {
	projects: [kind('unit'), kind('workflow', BUILT), kind('package', BUILT)],
	reporters: ['default', `${__dirname}/test/notNothing.js`],
	// Jest leaves one core to itself, which is half of two; and some tests wait in real time.
	maxWorkers: Math.max(3, availableParallelism()),
	// Ends a test that hangs; no machine is so busy that one takes this long.
	testTimeout: 120_000,
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text-summary', 'lcovonly'],
	coverageThreshold: { global: { lines: 95, branches: 95 } },
};
