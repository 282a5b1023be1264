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

const redirect = (location: string): Answer => ({ status: 302, headers: { location } });

/** The answer arrives, and is nothing that the service would say. */
const instead = (body: string | Buffer, type = 'application/json'): Fault => ({
	status: 200,
	headers: { 'content-type': type },
	body,
	accepted: true,
});

const httpDate = (atMs: number) => new Date(atMs).toUTCString();

const tooMany =
	(retryAfter: (random: Random) => number | string | undefined) =>
	({ random, say }: FaultContext) =>
		ERRORS.tooMany(say('Not now'), retryAfter(random));

function gateway({ random, say }: FaultContext): Answer {
	const status = random.pick([500, 502, 503, 504]);
	const answer = random.chance(0.5)
		? ERRORS.gatewayPage(status)
		: ERRORS.failed(status, say('upstream failed'));
	return random.chance(0.2)
		? { ...answer, headers: { 'retry-after': String(random.whole(1, 20)) } }
		: answer;
}

const elsewhere = ({ random }: FaultContext): Answer => ({
	...redirect(random.pick(['https://evil.example/', '//evil.example/x', 'file:///'])),
	status: random.pick([301, 302, 307, 308]),
});

const NONSENSE = ['null', '[]', '"ok"', '{}', '42', '{"status":{}}'];

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : '/');

const EFFECTS = {
	none: undefined,
	/** Only late. */
	slow: undefined,
	/** The service says what it said before, or speaks of another task: see `Simulation.changed`. */
	stale: undefined,
	anotherTask: undefined,

	/** Nothing leaves: the service never hears of it. */
	...NEVER_SENT,

	/** The connection breaks or stays silent, before or after the service has taken the request. */
	drop: 'drop',
	dropAfterAccept: 'dropAfterAccept',
	hang: 'hang',
	hangAfterAccept: 'hangAfterAccept',

	/** The service takes the request, and its response is damaged on the way. */
	truncate: 'truncate',
	truncateQuietly: 'truncateQuietly',
	stall: 'stall',
	drip: 'drip',
	doubled: 'doubled',
	html: 'html',
	empty: 'empty',
	oversized: 'oversized',
	endless: 'endless',
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
	elsewhere,

	/** Of images only. */
	notFound: ERRORS.noSuchImage(),
	toOtherHost: ({ url }) => redirect(`https://mirror.example${pathOf(url)}`),
	toHttp: ({ url }) => redirect(`http://mirror.example${pathOf(url)}`),
	toFile: redirect('file:///etc/passwd'),
	toItself: ({ url }) => redirect(url),
	toService: ({ serviceAddress }) => redirect(`${serviceAddress}/v1/account`),
} satisfies Record<string, Effect>;

export type FaultName = keyof typeof EFFECTS;

export function effectOf(name: FaultName, context: FaultContext): Fault | undefined {
	const effect: Effect = EFFECTS[name];
	return typeof effect === 'function' ? effect(context) : effect;
}
