const { GptImage1 } = require('./dist/nodes/GptImage1/GptImage1.node.js');
const { SeaArtApi } = require('./dist/credentials/SeaArtApi.credentials.js');

module.exports = { GptImage1, SeaArtApi };
