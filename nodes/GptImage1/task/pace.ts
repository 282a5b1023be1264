import { CreatePace } from './createPace';
import { LookPace } from './lookPace';

/** How fast one node run asks and creates; all its items share one. */
export class Pace {
	readonly looks = new LookPace();

	readonly creates = new CreatePace();
}
