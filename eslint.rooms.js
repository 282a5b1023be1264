/**
 * Imports between the rooms of nodes/GptImage1 run one way. For each room: what it may import from,
 * beside its own files. A room that is not listed here may be imported by all and checked by none.
 */
const MAY_IMPORT = {
	operations: ['run', 'images', 'service', 'timing'],
	run: ['images', 'service', 'timing', 'errors'],
	images: ['service', 'timing', 'errors'],
	service: ['timing', 'errors'],
	timing: [],
	errors: [],
};

/** From these a room may import types, and nothing that runs. */
const MAY_IMPORT_TYPES = { errors: ['service'] };

const ROOMS = Object.keys(MAY_IMPORT);

/** A relative path that leaves its folder for one of these rooms. */
const into = (rooms) => `(^|/)\\.\\./(${rooms.join('|')})(/|$)`;

const closed = (rooms, message, allowTypeImports = false) =>
	rooms.length === 0 ? [] : [{ regex: into(rooms), message, allowTypeImports }];

/** One entry of an ESLint configuration for each room; `plugin` is typescript-eslint's. */
const importDirection = (plugin) =>
	ROOMS.map((room) => {
		const types = MAY_IMPORT_TYPES[room] ?? [];
		const allowed = [room, ...MAY_IMPORT[room], ...types];
		const below = MAY_IMPORT[room].length > 0 ? MAY_IMPORT[room].join(', ') : 'no other room';
		return {
			files: [`nodes/GptImage1/${room}/**/*.ts`],
			plugins: { '@typescript-eslint': plugin },
			rules: {
				'@typescript-eslint/no-restricted-imports': [
					'error',
					{
						patterns: [
							...closed(
								ROOMS.filter((other) => !allowed.includes(other)),
								`Imports run down: ${room}/ may import from ${below}.`,
							),
							...closed(types, `${room}/ may import types alone from ${types.join(', ')}.`, true),
							{
								regex: '(^|/)GptImage1\\.node$',
								message:
									'Imports run down: the node imports the operations, nobody imports the node.',
							},
						],
					},
				],
			},
		};
	});

module.exports = { importDirection };
