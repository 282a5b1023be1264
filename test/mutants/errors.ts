import { mutantsOf } from './mutant';

const CUT_OFF = "in unclear: possiblyCreated: call === 'create' → possiblyCreated: false";
const SAID = '`SeaArt Cloud says: "${message}"`';
const MAY_HAVE_CREATED = 'status >= 500 || MAY_HAVE_CREATED.includes(status)';

export const errors = mutantsOf({
	'errors/calls: workflow/sockets': {
		'a create that was not sent does not say that nothing was made':
			"in notSent: call === 'create' && NO_TASK → undefined",
	},
	'errors/calls: unit/errors/errors': { 'a create that was cut off has made no task': CUT_OFF },
	'errors/phrases: unit/errors/errors': {
		'words that the service never said are put into its mouth': `in serviceSays: message && ${SAID} → ${SAID}`,
		'an error names no task': "in couldNot: requestId === undefined ? '' : ` ${requestId}` → ''",
	},
	'errors/refusals: unit/errors/errors': {
		'a create that a gateway has failed has made no task': `${MAY_HAVE_CREATED} → MAY_HAVE_CREATED.includes(status)`,
		'400 to a create may have made a task': `${MAY_HAVE_CREATED} → status >= 400`,
		'no word of a changed credential': 'status === 404 && created → false',
	},
	'errors/tasks: unit/errors/errors': {
		'a task that someone cancelled ends the execution as canceled':
			"'was cancelled' → 'was canceled'",
		'a task that has timed out is created again':
			'in timedOut: taskEnded: cancelled → taskEnded: true',
		'the error does not mention unclear creates beside other tasks':
			'in otherTasks: [exist, mayExist] → [exist || mayExist]',
	},
});
