/** mulberry32: the same numbers in [0, 1) from the same seed. */
export function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), 1 | state);
		bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
		return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
	};
}

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
