const {
	projects: [{ displayName: _name, ...unit }],
} = require('../../jest.config.js');

const paths = process.env.STRYKER_TESTS || 'test/unit,test/workflow';

/** The unit and workflow tests, but for the simulation, which has mutants of its own. */
module.exports = {
	...unit,
	// In the copy that Stryker works on the build is as old as its source.
	roots: ['<rootDir>/test/unit', '<rootDir>/test/workflow'],
	testMatch: paths
		.split(',')
		.flatMap((path) => [`<rootDir>/${path}`, `<rootDir>/${path}/**/*.test.ts`]),
	testPathIgnorePatterns: ['/node_modules/', 'simulation.test.ts'],
	testEnvironment: require.resolve('../mutants/failFast.js'),
	testTimeout: 10_000,
	runner: require.resolve('./runner.js'),
};
