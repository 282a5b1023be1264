/** A hue of the colour circle, 0 to 360, and a lightness in per cent. */
export type Paint = (lightness: number, hueShift?: number) => string;

/** Numbers from 0 to 1, the same row for the same picture. */
export type Chance = () => number;

/** Draws into a box of 1000 by 1000, standing on y = 900. */
type Subject = (paint: Paint, chance: Chance) => string;

const shadow = (radius: number) =>
	`<ellipse cx="500" cy="905" rx="${radius}" ry="34" fill="#000" opacity="0.22"/>`;

const fruit: Subject = (paint, chance) => {
	const lean = Math.round((chance() - 0.5) * 60);
	return `${shadow(300)}
		<defs>
			<radialGradient id="skin" cx="0.36" cy="0.3" r="0.8">
				<stop offset="0" stop-color="${paint(72, 12)}"/>
				<stop offset="0.45" stop-color="${paint(50)}"/>
				<stop offset="1" stop-color="${paint(26, -10)}"/>
			</radialGradient>
			<linearGradient id="leaf" x1="0" y1="0" x2="1" y2="1">
				<stop offset="0" stop-color="#9bd65c"/><stop offset="1" stop-color="#2f7d32"/>
			</linearGradient>
		</defs>
		<path d="M500 345 C420 265 190 270 170 530 C155 740 320 925 425 905 C470 897 485 888 500 888
			C515 888 530 897 575 905 C680 925 845 740 830 530 C810 270 580 265 500 345 Z"
			fill="url(#skin)"/>
		<path d="M390 335 Q500 410 610 335 Q560 372 500 374 Q440 372 390 335 Z"
			fill="#000" opacity="0.22"/>
		<path d="M500 365 C492 300 ${500 + lean} 240 ${520 + lean} 190" stroke="#6b4423"
			stroke-width="24" fill="none" stroke-linecap="round"/>
		<path d="M${512 + lean / 2} 262 C570 150 700 130 770 175 C720 265 610 300 ${512 + lean / 2} 262 Z"
			fill="url(#leaf)"/>
		<path d="M${530 + lean / 2} 254 Q640 215 745 182" stroke="#fff" stroke-opacity="0.4"
			stroke-width="6" fill="none"/>
		<ellipse cx="320" cy="470" rx="52" ry="104" fill="#fff" opacity="0.38"
			transform="rotate(22 320 470)"/>`;
};

const cat: Subject = (paint) => `${shadow(280)}
	<path d="M720 860 C900 850 900 640 830 560" stroke="${paint(40)}" stroke-width="60" fill="none"
		stroke-linecap="round"/>
	<path d="M290 900 C250 620 380 540 500 540 C620 540 750 620 710 900 Z" fill="${paint(52)}"/>
	<path d="M300 250 L330 90 L450 200 Z M700 250 L670 90 L550 200 Z" fill="${paint(42)}"/>
	<ellipse cx="500" cy="360" rx="225" ry="200" fill="${paint(58)}"/>
	<ellipse cx="500" cy="740" rx="110" ry="150" fill="${paint(84)}"/>
	<g fill="#fff"><ellipse cx="415" cy="340" rx="46" ry="54"/><ellipse cx="585" cy="340" rx="46" ry="54"/></g>
	<g fill="#1d2b24"><ellipse cx="420" cy="346" rx="20" ry="46"/><ellipse cx="580" cy="346" rx="20" ry="46"/></g>
	<path d="M478 420 L522 420 L500 446 Z" fill="#e07a7a"/>
	<path d="M500 446 Q470 486 436 466 M500 446 Q530 486 564 466" stroke="#3a2a2a" stroke-width="9"
		fill="none" stroke-linecap="round"/>
	<path d="M370 420 L220 395 M370 444 L220 458 M630 420 L780 395 M630 444 L780 458"
		stroke="#fff" stroke-width="7" opacity="0.8" stroke-linecap="round"/>`;

const mountains: Subject = (paint, chance) => {
	const ridge = (peak: number, top: number, lightness: number, shift: number) => {
		const x = peak + (chance() - 0.5) * 90;
		const reach = (900 - top) * 0.78;
		return `<path d="M${x - reach} 900 L${x} ${top} L${x + reach} 900 Z"
			fill="${paint(lightness, shift)}"/>
			<path d="M${x} ${top} L${x + 94} ${top + 120} L${x + 44} ${top + 96} L${x} ${top + 138}
			L${x - 40} ${top + 100} L${x - 94} ${top + 120} Z" fill="#fff" opacity="0.88"/>`;
	};
	return `<circle cx="${250 + chance() * 500}" cy="210" r="105" fill="#ffe9b0"/>
		${ridge(560, 280, 64, 20)}${ridge(290, 430, 50, 4)}${ridge(730, 520, 36, -14)}`;
};

const orbs: Subject = (paint, chance) => {
	const rings = Array.from({ length: 7 }, (_, place) => {
		const angle = (place / 7) * Math.PI * 2 + chance();
		const x = 500 + Math.cos(angle) * (140 + chance() * 90);
		const y = 560 + Math.sin(angle) * (140 + chance() * 90);
		const colour = paint(42 + chance() * 30, (chance() - 0.5) * 90);
		return `<circle cx="${x}" cy="${y}" r="${90 + chance() * 110}" fill="${colour}" opacity="0.62"/>`;
	});
	return `${shadow(260)}${rings.join('')}
		<circle cx="500" cy="560" r="120" fill="#fff" opacity="0.72"/>
		<circle cx="465" cy="525" r="34" fill="#fff"/>`;
};

const BY_WORD: Array<[RegExp, Subject]> = [
	[/\b(apples?|fruits?|oranges?|lemons?|peach|pears?|tomato(es)?|cherr(y|ies))\b/i, fruit],
	[/\b(cats?|kittens?)\b/i, cat],
	[/\b(mountains?|hills?|landscapes?|alps|valley|sunset|sunrise)\b/i, mountains],
];

/** The drawing for the first word that one is known for; coloured circles for all else. */
export function subjectOf(prompt: string): Subject {
	return BY_WORD.find(([word]) => word.test(prompt))?.[1] ?? orbs;
}
