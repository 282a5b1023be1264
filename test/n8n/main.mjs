// `npm run n8n`: the whole of n8n with this package in it. This file runs in a fresh clone, where
// nothing is installed.

import { installDependencies } from '../command.mjs';

installDependencies();
await import('tsx');
await import('./main.ts');
