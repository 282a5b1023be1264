import { seeded } from '../seeded';

/** Chance from a seed: the same seed draws the same, on every machine. */
export class Random {
	/** From 0 to below 1. */
	readonly next: () => number;

	constructor(seed: number) {
		// Neighbouring seeds must not draw alike, hence the stirring.
		this.next = seeded(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed >>> 13));
		for (let round = 0; round < 5; round++) this.next();
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** A whole number, both ends included. */
	whole(least: number, most: number): number {
		return least + Math.floor(this.next() * (most - least + 1));
	}

	/** Small and large values are equally likely in order of magnitude. */
	magnitude(least: number, most: number): number {
		return least * (most / least) ** this.next();
	}

	pick<T>(choices: readonly T[]): T {
		return choices[this.whole(0, choices.length - 1)] as T;
	}

	/** One of the names, as likely as its weight. */
	weighted<Name extends string>(weights: Partial<Record<Name, number>>): Name {
		const entries = Object.entries(weights) as Array<[Name, number]>;
		let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
		for (const [name, weight] of entries) {
			left -= weight;
			if (left < 0) return name;
		}
		return entries.at(-1)![0];
	}
}
