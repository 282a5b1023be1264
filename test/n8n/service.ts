import { startEmulator } from '../emulator';

export interface Service {
	baseUrl: string;
	apiKey: string;
	emulated: boolean;
	stop(): Promise<void>;
}

const REAL_BASE_URL = 'https://cloud.seaart.ai/model';
const EMULATED_TASK_MS = 4000;

/**
 * The service that images come from: the real one when SEAART_API_KEY is set (another host of the
 * same protocol with SEAART_BASE_URL), else an emulator on this machine, which charges nothing.
 */
export async function startService(): Promise<Service> {
	const { SEAART_API_KEY: apiKey, SEAART_BASE_URL: baseUrl = REAL_BASE_URL } = process.env;
	if (apiKey) return { baseUrl, apiKey, emulated: false, stop: async () => {} };
	const {
		baseUrl: url,
		key,
		stop,
	} = await startEmulator({
		progress: { byTime: EMULATED_TASK_MS },
		pictures: 'real',
	});
	return { baseUrl: url, apiKey: key, emulated: true, stop };
}
