const { ownN8n } = require('../shared.config');

/** `npm run e2e:queue` */
module.exports = ownN8n(__dirname);
