const { createHash } = require('node:crypto');
const swc = require('@swc/jest');

/** As Jest's own configuration has it, except that one file is replaced by its mutant. */
function createTransformer({ file, source }) {
	const { process } = swc.createTransformer({ sourceMaps: 'inline' });
	const mutated = (original, path) => (path === file ? source : original);
	return {
		process: (original, path, options) => process(mutated(original, path), path, options),
		// Not by the configuration, which each mutant has for itself: all other files are the same.
		getCacheKey: (original, path) =>
			createHash('sha1').update(path).update('\0').update(mutated(original, path)).digest('hex'),
	};
}

module.exports = { createTransformer };
