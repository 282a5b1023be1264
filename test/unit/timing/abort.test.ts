import { getEventListeners } from 'node:events';
import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';

let scope: AbortScope;

beforeEach(() => void (scope = new AbortScope()));

it('is aborted with its signal, and throws Aborted from then on', () => {
	const controller = new AbortController();
	scope = new AbortScope(controller.signal);
	expect(() => scope.throwIfAborted()).not.toThrow();
	controller.abort();
	expect(scope.aborted).toBe(true);
	expect(() => scope.throwIfAborted()).toThrow(Aborted);
});

it('is aborted from the start by a signal that has been, and so is what it makes', () => {
	scope = new AbortScope(AbortSignal.abort());
	const handler = jest.fn();
	scope.onAbort(handler);
	expect(handler).toHaveBeenCalledTimes(1);
	expect(scope.aborted && scope.child().aborted && scope.signal.aborted).toBe(true);
});

it.each(['close', 'abort'] as const)('has one listener on its signal, off on %s', (end) => {
	const { signal } = new AbortController();
	scope = new AbortScope(signal);
	for (let index = 0; index < 50; index++) scope.child().child().onAbort(jest.fn());
	expect(getEventListeners(signal, 'abort')).toHaveLength(1);
	scope[end]();
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('calls each handler once and in order, also one that was added twice or aborts again', () => {
	const called: string[] = [];
	const first = () => called.push('first');
	scope.onAbort(first);
	scope.onAbort(() => {
		called.push(`second, aborted: ${scope.aborted}`);
		scope.abort();
		scope.onAbort(() => called.push('late'));
	});
	scope.onAbort(first);
	scope.abort();
	scope.abort();
	expect(called).toEqual(['first', 'second, aborted: true', 'late', 'first']);
});

it('calls no handler that was taken off, be it by an earlier handler', () => {
	const [twice, other] = [jest.fn(), jest.fn()];
	const takeOff = scope.onAbort(twice);
	scope.onAbort(twice);
	takeOff();
	scope.onAbort(() => takeOther());
	const takeOther = scope.onAbort(other);
	scope.abort();
	expect([twice, other].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
});

it('is not aborted and calls no handler once it is closed', () => {
	const child = scope.child();
	const handler = jest.fn();
	child.onAbort(handler);
	child.close();
	scope.abort();
	expect(child.aborted).toBe(false);
	child.abort();
	expect(handler).not.toHaveBeenCalled();
});

it('aborts its children and their signals, and none of them aborts it or another', () => {
	const [one, other] = [scope.child(), scope.child()];
	const grandchild = one.child();
	const { signal } = one;
	expect(one.signal).toBe(signal);
	other.abort();
	expect([scope.aborted, one.aborted, signal.aborted]).toEqual([false, false, false]);
	expect([other.aborted, other.signal.aborted]).toEqual([true, true]);
	scope.abort();
	expect([one.aborted, grandchild.aborted, signal.aborted]).toEqual([true, true, true]);
	expect(signal.reason).toBeInstanceOf(Aborted);
});
