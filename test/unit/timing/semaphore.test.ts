import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import { Semaphore } from '../../../nodes/GptImage1/timing/semaphore';
import { byHand, settled } from './manualClock';

/**
 * Plays a script: `a2` asks for one of two permits, by a work whose name is `a`; `a2s`, in the scope `s`,
 * which is its own otherwise; `x` fails before its first await. `-a` ends its work, `!a` lets it fail, `~s`
 * aborts a scope, and `.` waits for all that follows.
 *
 * @returns works as they start (`a`), end (`-a`), fail (`!a`) and are aborted (`~a`)
 */
async function play(script: string): Promise<string> {
	const semaphore = new Semaphore();
	const works = new Map<string, ReturnType<typeof byHand<string>>>();
	const scopes = new Map<string, AbortScope>();
	let log = '';
	const ask = (name: string, permits: number, scope: AbortScope) => {
		const work = byHand<string>();
		works.set(name, work);
		const run = (): Promise<string> => {
			log += name;
			if (name === 'x') throw new Error('at once');
			return work.promise;
		};
		semaphore.run(permits, scope, run).then(
			(value) => (log += `-${value}`),
			(error) => (log += `${error instanceof Aborted ? '~' : '!'}${name}`),
		);
	};
	for (const [first, second = '', third = first] of script.split(' ').map((one) => [...one])) {
		if (first === '-') works.get(second)!.resolve(second);
		else if (first === '!') works.get(second)!.reject(new Error('failed'));
		else if (first === '~') scopes.get(second)!.abort();
		else if (first === '.') {
			await settled();
			log += '.';
		} else {
			if (!scopes.has(third!)) scopes.set(third!, new AbortScope());
			ask(first!, Number(second), scopes.get(third!)!);
		}
	}
	return log;
}

it.each([
	['no more at once than there are, in order', 'a2 b2 c2 d2 . -b . -a .', 'ab.c-b.d-a.'],
	['a work that fails gives its own back', 'a1 b1 . !a . -b .', 'a.b!a.-b.'],
	['also before its first await', 'x1 b1 .', 'xb!x.'],
	['no caller overtakes the first, whatever they see of them', 'a1 b1 c9 . -a .', 'a.bc-a.'],
	['the next comes in when the first leaves, who saw fewer', 'a1 b1 c2 . ~b .', 'a.c~b.'],
	// b hands its permit to c, which is aborted before it could start.
	['whoever is aborted before the start passes it on', 'a1 b1 c2 d2 . ~b ~c . e3 .', 'a.~bd~c.e.'],
	['nobody starts who is aborted before', 'a1 b1 . ~b . b9 . c2 .', 'a.~b.~b.c.'],
	['nobody starts who is aborted together; work continues', 'a1s b1s c2s . ~s .', 'a.~b~c.'],
])('permits: %s', async (_what, script, log) => expect(await play(script)).toBe(log));

it('permits: by place, whoever has none behind', async () => {
	const semaphore = new Semaphore();
	const started: number[] = [];
	const ask = async (place?: number) => {
		const work = async () => void started.push(place ?? Infinity, semaphore.nextPlace);
		await semaphore.run(1, new AbortScope(), work, place);
	};
	await Promise.all([ask(5), ask(9), ask(), ask(2), ask(7)]);
	expect(started).toEqual([5, 2, 2, 7, 7, 9, 9, Infinity, Infinity, Infinity]);
});
