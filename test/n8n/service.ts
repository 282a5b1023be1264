import { startEmulator } from '../emulator';

export type Service = Awaited<ReturnType<typeof startService>>;

const REAL_BASE_URL = 'https://cloud.seaart.ai/model';
const EMULATED_TASK_MS = 4000;

/**
 * The service that images come from: the real one when SEAART_API_KEY is set (another host of the
 * same protocol with SEAART_BASE_URL), else an emulator on this machine, which charges nothing.
 * `source` says where the images come from, and whether they cost anything.
 */
export async function startService() {
	const { SEAART_API_KEY: apiKey, SEAART_BASE_URL: baseUrl = REAL_BASE_URL } = process.env;
	if (apiKey) {
		const source = `${baseUrl}; images are charged`;
		return { baseUrl, apiKey, emulated: false, source, stop: async () => {} };
	}
	const emulator = await startEmulator({
		progress: { byTime: EMULATED_TASK_MS },
		pictures: 'real',
	});
	const source = 'SeaArt Cloud emulator; nothing is charged';
	const stop = async () => await emulator.stop();
	return { baseUrl: emulator.baseUrl, apiKey: emulator.key, emulated: true, source, stop };
}
