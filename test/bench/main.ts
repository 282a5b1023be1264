import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm } from '../n8n/command';
import { isMissed } from './figure';
import type { Work } from './figure';
import { fiveHundredItems } from './fiveHundredItems';
import { Ground } from './ground';
import { hundredOpenTasks } from './hundredOpenTasks';
import { largeImages } from './largeImages';
import { load } from './load';
import { sentence, thisMachine } from './machine';
import { oneItem } from './oneItem';
import { table } from './table';
import { twentyItems } from './twentyItems';

const BENCHES: Record<string, (ground: Ground) => Promise<Work>> = {
	load,
	'one-item': oneItem,
	'twenty-items': twentyItems,
	'five-hundred-items': fiveHundredItems,
	'hundred-open-tasks': hundredOpenTasks,
	'large-images': largeImages,
};

const repository = resolve(__dirname, '..', '..');
const say = (line: string) => console.error(line);

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			check: { type: 'boolean', default: false },
			only: { type: 'string' },
		},
	});
	const names = values.only?.split(',') ?? Object.keys(BENCHES);
	const machine = thisMachine();
	await npm(['run', 'build', '--silent'], { doing: 'building the package', cwd: repository, say });
	const ground = await Ground.prepare(say);
	const works: Work[] = [];
	try {
		for (const name of names) {
			say(`${name} …`);
			works.push(await BENCHES[name]!(ground));
		}
	} finally {
		await ground.leave();
	}
	console.log(`\n${table(works)}\n\n${sentence(machine)}`);
	const missed = works.flatMap(({ figures }) => figures).filter(isMissed);
	return values.check && missed.length > 0 ? 1 : 0;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(2);
	},
);
