import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from './ground';
import { startRecipe } from './runs';
import { countOf } from './service';
import type { Service } from './service';

const IDLE = 15_000;
const TICKS_A_SECOND = 100;

/**
 * How often the recipe asks, and what it takes from a core; its nodes need the whole of n8n, which
 * is busy by itself too: that is left out.
 */
export async function strainOfRecipe(
	ground: Ground,
	service: Service,
	items: number,
	watched: number,
): Promise<{ calls: number; cpu: number }> {
	const { client, pid } = await ground.n8n();
	await service.forget();
	const warmUp = await startRecipe(client, service, { items: 1 });
	await sleep(8000);
	await client.stopExecution(warmUp);
	const idle = await coreShare(pid, IDLE);
	await service.forget();
	const from = Date.now();
	const execution = await startRecipe(client, service, { items });
	const busy = await coreShare(pid, watched);
	const calls = countOf(await service.record(), 'status', { from, to: from + watched });
	await client.stopExecution(execution);
	return { calls, cpu: busy - idle };
}

/** Percent of one core that another process uses in a span of time, from Linux's /proc. */
async function coreShare(pid: number, milliseconds: number): Promise<number> {
	const used = () => {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
		// Fields 14 and 15 of proc(5): user and system time.
		return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1000;
	};
	const before = used();
	await sleep(milliseconds);
	return ((used() - before) / milliseconds) * 100;
}
