/** Oldest first. `isOwn`: that of the development dependencies, which needs no folder here. */
const ENGINES = [
	{ name: '1.122', isOwn: false },
	{ name: '2.0', isOwn: false },
	{ name: '2.30', isOwn: false },
	{ name: '2.41', isOwn: true },
];

const PROJECTS = ['unit', 'workflow', 'package'];

/**
 * What the command line asks for: it begins with any engines and projects of Jest, in any order;
 * the rest (paths, options) goes to Jest as it is. By default: every engine, the workflow tests.
 */
function readArguments(args) {
	const engineNamed = (word) => ENGINES.find(({ name }) => name === word);
	const isOurs = (word) => engineNamed(word) !== undefined || PROJECTS.includes(word);
	const count = args.findIndex((word) => !isOurs(word));
	const words = count === -1 ? args : args.slice(0, count);
	const engines = words.map(engineNamed).filter(Boolean);
	const projects = words.filter((word) => PROJECTS.includes(word));
	return {
		engines: engines.length > 0 ? engines : ENGINES,
		jest: jestArguments(args.slice(words.length), projects.length > 0 ? projects : ['workflow']),
	};
}

/**
 * `--selectProjects` takes all words that follow it, so it stands last: a path behind it would be
 * read as one more project and narrow nothing.
 */
function jestArguments(rest, projects) {
	const unknown = rest.find((word) => /^\d+(\.\d+)+$/.test(word));
	if (unknown)
		throw new Error(
			`No engine "${unknown}" is set up here: ${ENGINES.map(({ name }) => name).join(', ')}.`,
		);
	const selects = rest.some((word) => /^--(selectProjects|projects)(=|$)/.test(word));
	return selects ? rest : [...rest, '--selectProjects', ...projects];
}

module.exports = { readArguments };
