import { inspect } from 'node:util';
import type { Simulation } from '../simulation';

/** The key goes to the service's own origin, and is in nothing that a person or a later node sees. */
export function keyIsKept(sim: Simulation): string[] {
	const { key } = sim.scenario;
	const origin = new URL(sim.baseUrl).origin;
	const sent = sim.history.exchanges
		.filter(({ url }) => !(URL.canParse(url) && new URL(url).origin === origin))
		.filter(({ url, headers, body }) => JSON.stringify([url, headers, body]).includes(key))
		.map(({ url }) => `The key was sent to ${url}`);
	const unsigned = sim.history.exchanges
		.filter(({ call }) => call !== 'image' && call !== 'other')
		.filter(({ headers }) => headers.authorization !== `Bearer ${key}`)
		.map(({ call, at }) => `The ${call} call at ${at} left without the key`);
	const told = sim.history.runs.flatMap(({ result, execution }) => {
		const { runData, error, logs, saved } = result;
		const places: Array<[string, string]> = [
			['the items', JSON.stringify([runData, saved.data.resultData.runData])],
			['the error', inspect([error, saved.data.resultData.error], { depth: 10 })],
			...logs.map(({ text }): [string, string] => ['a log line', text]),
		];
		return places
			.filter(([, text]) => text.includes(key))
			.map(([place]) => `The key is in ${place} of execution ${execution}`);
	});
	return [...sent, ...unsigned, ...new Set(told)];
}
