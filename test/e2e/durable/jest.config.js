const { ownN8n } = require('../shared.config');

/** `npm run e2e:durable`; `-- regular` selects a mode, `-t "Retry execution"` some of its tests. */
module.exports = ownN8n(__dirname);
