/**
 * Durations in milliseconds, spread evenly over a range and in an order that is mixed but always
 * the same: `count` for each of several runs, so that no run owes its figure to luck.
 */
export function spread(least: number, most: number, count: number, runs = 1): number[] {
	const random = randomFrom(20);
	return Array.from({ length: runs }, () => {
		const durations = Array.from(
			{ length: count },
			(_, part) => least + ((most - least) * (part + random())) / count,
		);
		return mixed(durations, random);
	}).flat();
}

function mixed(values: number[], random: () => number): number[] {
	return values
		.map((value) => ({ value, place: random() }))
		.sort((one, other) => one.place - other.place)
		.map(({ value }) => value);
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), 1 | state);
		bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
		return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
	};
}
