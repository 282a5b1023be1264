/** How many columns a character takes: emoji and East Asian ones are about twice as wide. */
const columns = (character: string) => (character.codePointAt(0)! >= 0x1100 ? 2 : 1);

const widthOf = (text: string) => [...text].reduce((sum, one) => sum + columns(one), 0);

/** Whether XML 1.0 allows the character at all; control characters and lone surrogates it does not. */
function allowed(character: string): boolean {
	const code = character.codePointAt(0)!;
	if (code < 0x20) return false;
	return !(code >= 0xd800 && code <= 0xdfff) && (code & 0xfffe) !== 0xfffe;
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

/** Text that may stand in XML, whatever it was: escaped, and without what XML does not allow. */
export function xmlText(text: string): string {
	return [...text]
		.filter(allowed)
		.map((character) => ENTITIES[character] ?? character)
		.join('');
}

/** Breaks a text into lines of at most `most` columns; the last of `limit` lines may end in "…". */
export function wrapped(text: string, most: number, limit: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text
		.split(/\s+/)
		.filter(Boolean)
		.flatMap((one) => pieces(one, most))) {
		if (line && widthOf(line) + 1 + widthOf(word) > most) {
			lines.push(line);
			line = word;
		} else line = line ? `${line} ${word}` : word;
		if (lines.length > limit) break;
	}
	if (line) lines.push(line);
	if (lines.length <= limit) return lines;
	return [...lines.slice(0, limit - 1), `${lines[limit - 1]!.slice(0, most - 1)}…`];
}

/** A word cut into pieces that fit a line. */
function pieces(word: string, most: number): string[] {
	const found = [''];
	let width = 0;
	for (const character of word) {
		width += columns(character);
		if (width > most) {
			found.push('');
			width = columns(character);
		}
		found[found.length - 1] += character;
	}
	return found;
}
