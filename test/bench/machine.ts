import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { join } from 'node:path';

export type Machine = {
	cpu: string;
	cores: number;
	memory: string;
	system: string;
	/** The Node of the benches; n8n 2.41 brings its own. */
	node: string;
	n8n: string;
	/** How many processes wanted a core, on average over a minute, when the benches began. */
	load: number;
	date: string;
};

/** Where figures come from. */
export function thisMachine(): Machine {
	const lock = JSON.parse(
		readFileSync(join(__dirname, '..', 'n8n', '2.41', 'package-lock.json'), 'utf8'),
	) as { packages: Record<string, { version?: string }> };
	const versionOf = (name: string) => lock.packages[`node_modules/${name}`]?.version ?? 'unknown';
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
		system: type(),
		node: process.versions.node,
		n8n: `${versionOf('n8n')} on Node ${versionOf('node')}`,
		load: Math.round(loadavg()[0]! * 10) / 10,
		date: new Date().toISOString().slice(0, 10),
	};
}

export const sentence = ({ cpu, cores, memory, system, node, n8n, load, date }: Machine): string =>
	`${date}, ${cpu}, ${cores} cores, ${memory}, ${system}; n8n ${n8n}, benches on Node ${node}; ` +
	`load average at the start ${load}.`;
