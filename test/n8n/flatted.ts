type Table = unknown[];

/**
 * Decodes n8n's execution data: a JSON table in which every string inside an object or array is
 * the index of its value, so that what is referred to twice is written once (the npm package
 * "flatted" writes it).
 */
export function decodeFlatted(text: string): unknown {
	const table = JSON.parse(text) as Table;
	const decoded = new Map<number, object>();

	const at = (index: number): unknown => {
		const value = table[index];
		if (typeof value !== 'object' || value === null) return value;
		const known = decoded.get(index);
		if (known) return known;
		const made: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		decoded.set(index, made);
		for (const [key, entry] of Object.entries(value))
			(made as Record<string, unknown>)[key] =
				typeof entry === 'string' ? at(Number(entry)) : entry;
		return made;
	};
	return at(0);
}
