import { answerInProcess } from '../harness/inProcessHttp';
import type { SimulatedClock } from '../harness/simulatedClock';
import { Body } from '../service/body';
import { NEVER_SENT, systemError } from '../service/networkFaults';
import { Emulator } from './emulator';
import type { EmulatorOptions } from './emulator';

/** The emulated service without sockets, under simulated time. */

const API = 'service.test';
const IMAGES = 'images.test';
const LATENCY_MS = 20;

/** Answers every request of this process until it is stopped; other hosts are unknown. One at a time. */
export function emulateInProcess(clock: SimulatedClock, options?: EmulatorOptions): Emulator {
	const emulator = new Emulator(
		{ latency: LATENCY_MS, ...options },
		async (holds, timeoutMs) => await clock.until(holds, clock.now + timeoutMs),
	);
	emulator.baseUrl = `http://${API}/model`;
	emulator.imagesOrigin = `http://${IMAGES}`;
	clock.isBusy = () => emulator.pictures.underWay > 0;
	const after = (ms: number, work: () => void) => clock.after(ms, work);
	const restore = answerInProcess(async ({ method, url, headers, body: text = '' }, onGivenUp) => {
		const { hostname, pathname, search } = new URL(url);
		if (hostname !== API && hostname !== IMAGES) throw systemError(NEVER_SENT.nameNotFound);
		const port = hostname === IMAGES ? 'images' : 'api';
		const path = pathname + search;
		const record = emulator.record({ port, method, path, headers, text });
		const ended = () => (record.endedAt ??= Date.now());
		onGivenUp(ended);
		const wire = await emulator.answer(record);
		if (port === 'api')
			await new Promise<void>((resolve) => after(emulator.settings.latency, resolve));
		if (wire === 'silence') return await new Promise(() => {});
		if ('failure' in wire) {
			ended();
			throw systemError(wire.failure);
		}
		emulator.answered(record, wire.status);
		const body = new Body(wire.body, after);
		body.once('end', () => (record.finished = true));
		body.once('close', ended);
		return { ...wire, body };
	});
	emulator.stop = async () => restore();
	return emulator;
}
