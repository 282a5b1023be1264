/** `npm run e2e:durable`; `-- regular` selects a mode, `-t "Retry execution"` some of its tests. */
module.exports = { ...require('../shared.config'), rootDir: __dirname };
