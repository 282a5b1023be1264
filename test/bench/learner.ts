import { limitOf, seeded, uniform } from './schedule';

/**
 * How near to its limit a schedule can come that has to learn the durations. One that is told that
 * they are even between two bounds, but not which, is given `known` durations exactly and may look
 * as often and as soon as it likes. From what it knows it has the density f and the survival S of
 * the next duration, and looks at √(f/S), which is then the best. The bounds are thought of with the
 * weight 1 / (upper - lower): by the theorem of Hunt and Stein no schedule that treats seconds and
 * milliseconds alike does better for all bounds.
 *
 * @returns its delay × calls over so many executions, relative to `limitOf`
 */
export function bestLearnerOfEven(known: number, executions: number): number {
	const [from, to] = [2_500, 3_500];
	const durations = uniform(from, to);
	const power = known + 1;
	let [delay, calls] = [0, 0];
	for (let execution = 1; execution <= executions; execution++) {
		const random = seeded(execution);
		const seen = Array.from({ length: known }, () => durations.draw(random));
		const [least, most] = [Math.min(...seen), Math.max(...seen)];
		const range = most - least;
		/** So far beyond what was seen: the density there and the part of the durations beyond. */
		const beyond = (distance: number) => {
			const part = (range / (range + distance)) ** (power - 2) / power;
			return { density: ((power - 2) * part) / (range + distance), part };
		};
		const foretell = (age: number) => {
			if (age < least) {
				const { density, part } = beyond(least - age);
				return { density, survival: 1 - part };
			}
			if (age > most) {
				const { density, part } = beyond(age - most);
				return { density, survival: part };
			}
			const [density, after] = [(power - 2) / (power * range), 1 / power];
			return { density, survival: after + density * (most - age) };
		};
		const width = 2;
		for (let age = width / 2; age < to; age += width) {
			const { density, survival } = foretell(age);
			const looks = Math.sqrt(density / survival);
			delay += (durations.density(age) / looks) * width;
			calls += looks * Math.min(1, (to - age) / (to - from)) * width;
		}
	}
	const mean = (from + to) / 2;
	return ((delay / executions) * (calls / executions)) / mean / limitOf(durations);
}
