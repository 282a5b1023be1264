import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { medianOf } from './figure';
import type { Work } from './figure';
import type { Ground } from './ground';

const run = promisify(execFile);
const repository = resolve(__dirname, '..', '..');
const PROCESSES = 15;

/** Node, credential and their descriptions, in a process that has n8n-workflow already. */
const SCRIPT = `
	require('n8n-workflow');
	const [before, used] = [process.hrtime.bigint(), process.cpuUsage()];
	const { GptImage1 } = require('./dist/nodes/GptImage1/GptImage1.node.js');
	const { SeaArtApi } = require('./dist/credentials/SeaArtApi.credentials.js');
	new GptImage1();
	new SeaArtApi();
	const wall = Number(process.hrtime.bigint() - before) / 1e6;
	const { user, system } = process.cpuUsage(used);
	console.log(wall + ' ' + (user + system) / 1e3);`;

/** What n8n has to do at its start on behalf of the package, and what npm has to fetch. */
export async function load({ packed }: Ground): Promise<Work> {
	const [times, work]: [number[], number[]] = [[], []];
	for (let count = 0; count < PROCESSES; count++) {
		const { stdout } = await run(process.execPath, ['-e', SCRIPT], { cwd: repository });
		const [wall, cpu] = stdout.split(' ').map(Number);
		times.push(wall!);
		work.push(cpu!);
	}
	const { size } = await stat(packed.tarball);
	return {
		work: 'load',
		method:
			'The built files are loaded in fresh processes that have loaded n8n-workflow before; node and ' +
			'credential are instantiated.',
		figures: [
			{
				what: `require of node and credential, median of ${PROCESSES} processes`,
				measured: medianOf(times),
				unit: 'ms',
				atMost: 15,
			},
			{ what: 'the same in time of a core', measured: medianOf(work), unit: 'ms' },
			{ what: 'packed tarball', measured: size / 1000, unit: 'kB', atMost: 60 },
		],
	};
}
