import type { Fault } from '../service/faults';
import { NEVER_SENT } from '../service/networkFaults';
import { ERRORS } from '../service/responses';
import type { Answer } from '../service/responses';
import type { Random } from './random';

/** What each fault does to the call that meets it. */

/** Where a fault strikes. */
export type FaultContext = {
	random: Random;
	/** What the service says, with the key in it where it is that careless. */
	say: (text: string) => string;
	url: string;
	serviceAddress: string;
};

type Effect = Fault | undefined | ((context: FaultContext) => Fault);

const redirect = (location: string, status = 302): Answer => ({ status, headers: { location } });

/** The answer arrives, and is nothing that the service would say. */
const instead = (body: string | Buffer, type = 'application/json') =>
	({ status: 200, headers: { 'content-type': type }, body, accepted: true }) satisfies Fault;

const httpDate = (atMs: number) => new Date(atMs).toUTCString();

const tooMany =
	(retryAfter: (random: Random) => number | string | undefined) =>
	({ random, say }: FaultContext) =>
		ERRORS.tooMany(say('Not now'), retryAfter(random));

function gateway({ random, say }: FaultContext): Answer {
	const status = random.pick([500, 502, 503, 504]);
	const [page, error] = [ERRORS.gatewayPage(status), ERRORS.failed(status, say('upstream failed'))];
	const answer = random.chance(0.5) ? page : error;
	if (!random.chance(0.2)) return answer;
	return { ...answer, headers: { 'retry-after': String(random.whole(1, 20)) } };
}

const ELSEWHERE = ['https://evil.example/', '//evil.example/x', 'file:///'];
const NONSENSE = ['null', '[]', '"ok"', '{}', '42', '{"status":{}}'];

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : '/');

const EFFECTS = {
	none: undefined,
	/** Only late; it says what it said before, or speaks of another task: see `simulation.ts`. */
	...{ slow: undefined, stale: undefined, anotherTask: undefined },

	/** Nothing leaves: the service never hears of it. */
	...NEVER_SENT,

	/** The service takes the request, and something else comes back. */
	longPage: instead('<'.repeat(200_000), 'text/html'),
	nonsense: ({ random }) => instead(random.pick(NONSENSE)),
	wrongType: instead(Buffer.from('GIF89a and then some more bytes of it'), 'image/png'),

	/** Something in front of the service answers, which may have passed the request on. */
	gatewayBefore: gateway,
	gatewayAfter: (context) => ({ ...gateway(context), accepted: true }),
	tooMany: tooMany(() => undefined),
	tooManyNow: tooMany(() => 0),
	tooManyForSeconds: tooMany((random) => random.whole(0, 40)),
	tooManyForHours: tooMany((random) => random.whole(3_600, 200_000)),
	tooManyUntilDate: tooMany((random) => httpDate(Date.now() + random.whole(-5_000, 40_000))),
	tooManyUntilPast: tooMany((random) => httpDate(Date.now() - random.magnitude(1, 1e9))),
	requestTimeout: ({ say }) => ERRORS.failed(408, say('Too slow')),
	tooEarly: ({ say }) => ERRORS.failed(425, say('Too early')),
	unauthorized: ({ say }) => ERRORS.unauthorized(say('No such key')),
	noBalance: ({ say }) => ERRORS.noCredits(say('Nothing left')),
	forbidden: ({ say }) => ERRORS.notAllowed(say('Not yours')),
	unknownYet: ({ say }) => ERRORS.notFound(say('Request not found')),
	elsewhere: ({ random }) => redirect(random.pick(ELSEWHERE), random.pick([301, 302, 307, 308])),

	/** Of images only. */
	notFound: ERRORS.noSuchImage(),
	toOtherHost: ({ url }) => redirect(`https://mirror.example${pathOf(url)}`),
	toHttp: ({ url }) => redirect(`http://mirror.example${pathOf(url)}`),
	toFile: redirect('file:///etc/passwd'),
	toItself: ({ url }) => redirect(url),
	toService: ({ serviceAddress }) => redirect(`${serviceAddress}/v1/account`),
} satisfies Record<string, Effect>;

/** One of these, or one of the service's own. */
export type FaultName = keyof typeof EFFECTS | Extract<Fault, string>;

export function effectOf(name: FaultName, context: FaultContext): Fault | undefined {
	const effect: Effect = name in EFFECTS ? EFFECTS[name as keyof typeof EFFECTS] : (name as Fault);
	return typeof effect === 'function' ? effect(context) : effect;
}
