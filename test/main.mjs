/**
 * `npm test`: installs what is missing, builds, and runs the unit, workflow and package tests.
 * What follows `--` goes to Jest: npm test -- --selectProjects unit
 */
import { build, installDependencies, run } from './command.mjs';

installDependencies();
if (!build()) process.exit(1);

const chosen = process.argv.slice(2);
// A chosen part of the tests covers a part of the code, which says nothing.
const coverage = chosen.length === 0 ? ['--coverage'] : [];
const jest = ['node_modules/jest/bin/jest.js', ...coverage, ...chosen];
if (!run(process.execPath, jest)) process.exitCode = 1;
