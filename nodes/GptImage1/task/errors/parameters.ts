import { Problem } from './problem';
import { shown } from './words';

export const invalidParameter = (parameter: string, value: unknown, rule: string) =>
	new Problem({
		message: `The parameter '${parameter}' ${rule}, but it is ${shown(value)}`,
		description:
			'Nothing was sent and nothing was paid for. Correct the parameter, or the expression that fills it.',
		badParameter: true,
	});
