import { mutantsOf } from '../mutant';

const TRIES = { operation: 'generate', tries: 3 } as const;
const WELL = { operation: 'generate', wait: true, tries: 1, retryExecution: 0 } as const;

export const client = [
	...mutantsOf('service/client', 'unit/service/client', [
		{
			name: 'a result may list any number of images',
			find: 'MAX_RECORDS = 100',
			put: 'MAX_RECORDS = 1e9',
		},
		{ name: 'a create that has been sent is aborted', find: 'new AbortScope()', put: 'scope' },
		{ name: 'a refused create is given up soon', find: '{ budgetMs: CREATE_BUDGET_MS }', put: '0' },
		{
			name: 'cancels of what is given up wait behind refused polls',
			find: "givesUp ? cancels : call.call === 'result' ? results : reads",
			put: 'reads',
		},
		{
			name: 'nobody hears that a create is sent',
			within: 'create',
			find: "{ call: 'create', body, parse: parseCreated, onSend }",
			put: "{ call: 'create', body, parse: parseCreated }",
		},
	]),
	...mutantsOf('service/repeatedCall', 'unit/service/client', [
		{
			name: 'any number of calls are under way',
			find: 'MAX_CALLS_IN_FLIGHT = 50',
			put: 'MAX_CALLS_IN_FLIGHT = 1000',
		},
		{
			name: 'a task of this execution is given up as soon as any',
			find: 'created ? NOT_FOUND_GRACE_MS : GIVEN_NOT_FOUND_GRACE_MS',
			put: 'GIVEN_NOT_FOUND_GRACE_MS',
		},
		{
			name: 'a request ID of the user is waited for as long as any',
			find: 'created ? NOT_FOUND_GRACE_MS : GIVEN_NOT_FOUND_GRACE_MS',
			put: 'NOT_FOUND_GRACE_MS',
		},
		{
			name: 'waiting for the first turn uses up the budget',
			find: 'startedAt: number | undefined',
			put: 'startedAt: number | undefined = clock.now()',
		},
		{
			name: 'the other calls do not hear of a refusal',
			find: 'limiter.refused(made.retryAfterMs)',
			put: '0',
		},
		{ name: 'the other calls do not hear of an answer', find: 'limiter.accepted()', put: '0' },
		{ name: 'a call that is not granted its turn is made', find: '!turn.granted', put: 'false' },
		{
			name: 'a call does not end by the time that is given',
			find: 'Math.min(callsEndBy, clock.now() + REQUEST_TIMEOUT_MS[call.call])',
			put: 'clock.now() + REQUEST_TIMEOUT_MS[call.call]',
		},
		{
			name: 'what came is taken for what is wanted',
			find: "'value' in made && call.notYet?.(made.value)",
			put: 'undefined',
		},
		{
			name: 'a result that is not there yet is asked for without end',
			find: 'laterUntil = until(budgetMs);',
			put: ';',
		},
		{
			name: 'whether a create is sent is not told',
			find: 'call.onSend();',
			put: ';',
		},
		{
			name: 'a create is told as sent while the credential is read',
			find: 'await caller.prepare();',
			put: ';',
		},
		{
			name: 'a create that is stopped while the credential is read is sent',
			find: 'scope.throwIfAborted();',
			put: ';',
		},
	]),
	...mutantsOf('service/retryRules', 'unit/service/client', [
		{
			name: 'a result may take five minutes',
			find: 'result: 30_000',
			put: 'result: 300_000',
			seenAs: 'callsEndInTime',
		},
		{
			name: 'a create is repeated on 502',
			within: 'mayRepeatStatus',
			put: "if (call === 'create' && status === 502) return true;",
			seenAs: 'paidOnce',
			given: TRIES,
		},
		{
			name: 'a service that is behind itself is not waited for',
			find: 'NOT_FOUND_GRACE_MS = 30_000',
			put: 'NOT_FOUND_GRACE_MS = 0',
			seenAs: 'wellIsDelivered',
			given: { ...WELL, items: 10, onError: 'continueRegularOutput' },
		},
		{
			name: 'a create without a connection is sent six times',
			find: 'create: 5',
			put: 'create: 6',
		},
		{
			name: 'a status is asked for five times',
			find: 'status: 6',
			put: 'status: 5',
			caughtBy: 'workflow/readResponses',
		},
		{ name: 'a result is asked for seven times', find: 'result: 8', put: 'result: 7' },
		{
			name: 'a cancel is sent five times',
			find: 'cancel: 4',
			put: 'cancel: 5',
			caughtBy: 'workflow/readResponses',
		},
		{
			name: 'a wait bears fewer failed polls',
			find: 'MAX_FAILED_POLLS = 10',
			put: 'MAX_FAILED_POLLS = 7',
			caughtBy: 'workflow/wait',
		},
		{
			name: 'reads are repeated for half a minute',
			find: 'READ_BUDGET_MS = 60_000',
			put: 'READ_BUDGET_MS = 30_000',
		},
		{
			name: 'refused creates are repeated for five minutes',
			find: 'CREATE_BUDGET_MS = 600_000',
			put: 'CREATE_BUDGET_MS = 300_000',
		},
		{
			name: 'a create may take a minute',
			find: 'create: 120_000',
			put: 'create: 60_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a status may take a minute',
			find: 'status: 30_000',
			put: 'status: 60_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a result may take a minute',
			find: 'result: 30_000',
			put: 'result: 60_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a cancel may take half a minute',
			find: 'cancel: 10_000',
			put: 'cancel: 30_000',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'an ID of the user is waited for half a minute',
			find: 'GIVEN_NOT_FOUND_GRACE_MS = 3_000',
			put: 'GIVEN_NOT_FOUND_GRACE_MS = 30_000',
		},
		{
			name: 'a gateway that fails is final',
			find: '(status >= 500 && status < 600)',
			put: 'false',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: '408 is final',
			find: 'status === 408',
			put: 'false',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'a create that may have been sent is repeated',
			find: "call !== 'create' || neverSent",
			put: 'true',
			caughtBy: 'unit/service/queueCall',
		},
		{
			name: 'what is hopeless is repeated',
			find: '!hopeless',
			put: 'true',
			caughtBy: 'unit/service/queueCall',
		},
	]),
];
