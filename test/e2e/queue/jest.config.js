/** `npm run e2e:queue` */
module.exports = { ...require('../shared.config'), rootDir: __dirname };
