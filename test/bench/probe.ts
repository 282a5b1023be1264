import { setTimeout as sleep } from 'node:timers/promises';
import type { N8n } from '../n8n/instance';

/** What n8n's process still holds after garbage collection: numbers of objects, by class. */
export type Kept = Record<'abortSignals' | 'contexts' | 'ours', Record<string, number>>;

/** Asks `insideN8n.cjs` in the process of an n8n that the harness has started. */
export class Probe {
	constructor(private readonly n8n: Pick<N8n, 'log' | 'url'>) {}

	/** The longest freeze of the event loop since the last call, in milliseconds. */
	async longestFreezeMs(): Promise<number> {
		return (await this.ask<{ longestMs: number }>('freeze')).longestMs;
	}

	async collectGarbage(): Promise<void> {
		await this.ask('collect');
	}

	async kept(): Promise<Kept> {
		return await this.ask('kept');
	}

	/** n8n refuses all work for some seconds after a long freeze, as it takes its database for lost. */
	async untilReady(): Promise<void> {
		while ((await fetch(`${this.n8n.url}/healthz/readiness`)).status !== 200) await sleep(200);
	}

	private async ask<T>(question: 'freeze' | 'collect' | 'kept'): Promise<T> {
		const port = /bench probe: port (\d+)/.exec(this.n8n.log())?.[1];
		if (!port) throw new Error('n8n has not loaded the probe');
		const response = await fetch(`http://127.0.0.1:${port}/${question}`);
		if (!response.ok) throw new Error(`The probe failed: ${await response.text()}`);
		const answer = (await response.json()) as T;
		await this.untilReady();
		return answer;
	}
}
