import { mutantsOf } from './mutant';

export const errors = [
	...mutantsOf('errors/calls', 'workflow/sockets', {
		'a create that was not sent does not say that nothing was made': {
			within: 'notSent',
			find: "call === 'create' && NO_TASK",
			put: 'undefined',
		},
		'a create that was cut off has made no task': {
			within: 'unclear',
			find: "possiblyCreated: call === 'create'",
			put: 'possiblyCreated: false',
			caughtBy: 'unit/errors/errors',
		},
	}),
	...mutantsOf('errors/phrases', 'unit/errors/errors', {
		'words that the service never said are put into its mouth': {
			within: 'serviceSays',
			find: 'message && `SeaArt Cloud says: "${message}"`',
			put: '`SeaArt Cloud says: "${message}"`',
		},
		'an error names no task': {
			within: 'couldNot',
			find: "requestId === undefined ? '' : ` ${requestId}`",
			put: "''",
		},
	}),
	...mutantsOf('errors/refusals', 'unit/errors/errors', {
		'a create that a gateway has failed has made no task': {
			find: 'status >= 500 || MAY_HAVE_CREATED.includes(status)',
			put: 'MAY_HAVE_CREATED.includes(status)',
		},
		'400 to a create may have made a task': {
			find: 'status >= 500 || MAY_HAVE_CREATED.includes(status)',
			put: 'status >= 400',
		},
		'no word of a changed credential': { find: 'status === 404 && created', put: 'false' },
	}),
	...mutantsOf('errors/taskError', 'unit/errors/errors', {
		'Stop is told as a failure': { find: "'The execution was canceled'", put: "'Stopped'" },
	}),
	...mutantsOf('errors/tasks', 'unit/errors/errors', {
		'a task that someone cancelled ends the execution as canceled': {
			find: "'was cancelled'",
			put: "'was canceled'",
		},
		'a task that has timed out is created again': {
			within: 'timedOut',
			find: 'taskEnded: cancelled',
			put: 'taskEnded: true',
		},
		'of unclear creates nothing is told beside other tasks': {
			within: 'otherTasks',
			find: '[exist, mayExist]',
			put: '[exist || mayExist]',
		},
		'a retry is said to create again what it has not created': {
			within: 'taskFailed',
			find: 'created ? CREATES_ANEW : USE_GENERATE',
			put: 'CREATES_ANEW',
		},
	}),
];
