import { seeded } from '../seeded';

/**
 * Durations in milliseconds, spread evenly over a range and in an order that is mixed but always
 * the same: `count` for each of several runs, so that no run owes its figure to luck.
 */
export function spread(least: number, most: number, count: number, runs = 1): number[] {
	const random = seeded(20);
	return Array.from({ length: runs }, () =>
		Array.from({ length: count }, (_, part) => ({
			duration: least + ((most - least) * (part + random())) / count,
			order: random(),
		}))
			.sort((one, other) => one.order - other.order)
			.map(({ duration }) => duration),
	).flat();
}
