import { sentences, shown } from './phrases';
import { TaskError } from './taskError';

/** @param rule follows the parameter's name, for example "must be a number from 1 to 10" */
export const invalidParameter = (parameter: string, value: unknown, rule: string) =>
	new TaskError({
		message: `'${parameter}' ${rule}`,
		description: sentences(
			`It is ${shown(value)}.`,
			'Correct the parameter, or the expression that fills it. Nothing was sent.',
		),
	});

/** The items of a run ask for more images than the user allows. @param isBatched it speaks of one item */
export const tooManyImagesWanted = (wanted: number, max: number, isBatched: boolean) =>
	new TaskError({
		message: `'Max Images per Run' is ${max}, but the items ask for ${isBatched ? 'at least ' : ''}${wanted} images`,
		description: sentences(
			isBatched ? 'Nothing was created for this item.' : 'Nothing was created for any item.',
			"To allow more, raise 'Max Images per Run' or set it to 0, which means no limit.",
		),
	});
