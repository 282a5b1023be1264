import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import { Semaphore } from '../../../nodes/GptImage1/timing/semaphore';
import { byHand, settled, stateOf } from './manualClock';

let semaphore: Semaphore;
let started: string[];

beforeEach(() => {
	semaphore = new Semaphore();
	started = [];
});

/** Asks for a permit for work that ends when it is told to. @returns how to end it, and its outcome */
function ask(name: string, permits: number, scope = new AbortScope()) {
	const work = byHand<string>();
	const outcome = semaphore.run(permits, scope, async () => {
		started.push(name);
		return await work.promise;
	});
	outcome.catch(() => {});
	return { end: () => work.resolve(name), fail: work.reject, outcome };
}

it('never runs more at once than there are permits, in the order of asking', async () => {
	const asked = ['a', 'b', 'c', 'd'].map((name) => ask(name, 2));
	await settled();
	expect(started).toEqual(['a', 'b']);
	asked[1]!.end();
	await settled();
	expect(started).toEqual(['a', 'b', 'c']);
	expect(await asked[1]!.outcome).toBe('b');
	asked[0]!.end();
	await settled();
	expect(started).toEqual(['a', 'b', 'c', 'd']);
});

it('gives the permit back where the work fails, be it before its first await', async () => {
	const failing = ask('a', 1);
	const next = ask('b', 1);
	failing.fail(new Error('failed'));
	await expect(failing.outcome).rejects.toThrow('failed');
	next.end();
	expect(await next.outcome).toBe('b');
	const atOnce = semaphore.run(1, new AbortScope(), () => {
		throw new Error('at once');
	});
	await expect(atOnce).rejects.toThrow('at once');
	ask('c', 1);
	await settled();
	expect(started).toEqual(['a', 'b', 'c']);
});

it('lets no caller overtake the first, whatever they see of the permits', async () => {
	const first = ask('a', 1);
	ask('b', 1);
	ask('c', 9);
	await settled();
	expect(started).toEqual(['a']);
	first.end();
	await settled();
	expect(started).toEqual(['a', 'b', 'c']);
});

it('lets the next one in when the first leaves who saw fewer permits', async () => {
	const scope = new AbortScope();
	ask('a', 1);
	const leaving = ask('b', 1, scope);
	ask('c', 2);
	await settled();
	scope.abort();
	await expect(leaving.outcome).rejects.toBeInstanceOf(Aborted);
	await settled();
	expect(started).toEqual(['a', 'c']);
});

it('starts nothing after an abort, and passes the permit on', async () => {
	const [scope, other] = [new AbortScope(), new AbortScope()];
	ask('a', 1);
	ask('b', 1, scope);
	const aborted = ask('c', 2, other);
	ask('d', 2);
	await settled();
	// The one gives the permit to c, which is aborted before it could start.
	scope.abort();
	other.abort();
	expect(await stateOf(aborted.outcome)).toBe('rejected: Aborted');
	expect(started).toEqual(['a', 'd']);
	expect(await stateOf(ask('late', 9, scope).outcome)).toBe('rejected: Aborted');
	ask('e', 3);
	await settled();
	expect(started).toEqual(['a', 'd', 'e']);
});

it('starts none of those that are aborted together', async () => {
	const scope = new AbortScope();
	const first = ask('a', 1, scope);
	const waiting = [ask('b', 1, scope), ask('c', 2, scope)];
	await settled();
	scope.abort();
	for (const { outcome } of waiting) expect(await stateOf(outcome)).toBe('rejected: Aborted');
	// Work under way is its own affair.
	expect([started, await stateOf(first.outcome)]).toEqual([['a'], 'pending']);
});
