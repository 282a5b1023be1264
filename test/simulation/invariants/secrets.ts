import { inspect } from 'node:util';
import type { Simulation } from '../simulation';

/** The key goes to the service's own origin, and is in nothing that a person or a later node sees. */
export function* keyIsKept({ scenario: { key }, baseUrl, history }: Simulation) {
	const { origin } = new URL(baseUrl);
	for (const { url, headers, body, call, at } of history.exchanges) {
		const isElsewhere = !URL.canParse(url) || new URL(url).origin !== origin;
		const sent = JSON.stringify([url, headers, body]);
		if (isElsewhere && sent.includes(key)) yield `The key was sent to ${url}`;
		const isUnsigned = headers.authorization !== `Bearer ${key}`;
		const isSigned = call !== 'image' && call !== 'other';
		if (isSigned && isUnsigned) yield `The ${call} call at ${at} left without the key`;
	}
	for (const { result, execution } of history.runs) {
		const { runData, error, logs, saved } = result;
		const shown = {
			'the items': JSON.stringify([runData, saved.data.resultData.runData]),
			'the error': inspect([error, saved.data.resultData.error], { depth: 10 }),
			'the log': logs.map(({ text }) => text).join('\n'),
		};
		for (const [place, text] of Object.entries(shown)) {
			if (text.includes(key)) yield `The key is in ${place} of execution ${execution}`;
		}
	}
}
