// `npm run n8n`: the whole of n8n with this package in it. This file runs in a fresh clone, where
// nothing is installed.

import { installDependencies } from '../dependencies.mjs';

await installDependencies();
const { require } = await import('tsx/cjs/api');
require('./main.ts', import.meta.url);
