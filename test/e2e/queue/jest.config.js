const { globalSetup: _, globalTeardown: __, ...shared } = require('../jest.config');

/** `npm run e2e:queue`: a cluster of its own in the place of the one n8n that the others share. */
module.exports = {
	...shared,
	rootDir: __dirname,
	testMatch: ['<rootDir>/*.test.ts'],
	testPathIgnorePatterns: [],
	reporters: [
		['default', { summaryThreshold: Infinity }],
		'<rootDir>/../counts.js',
		'<rootDir>/../../notNothing.js',
	],
};
