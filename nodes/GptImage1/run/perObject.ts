/** One value for each of n8n's objects, made at first use and gone with the object. */
export function perObject<K extends object, V>(make: (key: K) => V): (key: K) => V {
	const values = new WeakMap<K, V>();
	return (key) => {
		let value = values.get(key);
		if (value === undefined) values.set(key, (value = make(key)));
		return value;
	};
}
