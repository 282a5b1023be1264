import type { Figures } from './figures';
import type { World } from './world';
export async function losingWorkers(_world: World, _figures: Figures): Promise<void> {}
