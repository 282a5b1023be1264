import { getEventListeners } from 'node:events';
import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';

it('is aborted with its signal, and throws Aborted from then on', () => {
	const controller = new AbortController();
	const scope = new AbortScope(controller.signal);
	expect(() => scope.throwIfAborted()).not.toThrow();
	expect(scope.aborted).toBe(false);
	controller.abort();
	expect(scope.aborted).toBe(true);
	expect(() => scope.throwIfAborted()).toThrow(Aborted);
});

it('is aborted from the start by a signal that has been, and so is what it makes', () => {
	const scope = new AbortScope(AbortSignal.abort());
	const handler = jest.fn();
	scope.onAbort(handler);
	expect(handler).toHaveBeenCalledTimes(1);
	expect(scope.aborted && scope.child().aborted && scope.signal.aborted).toBe(true);
});

it.each(['close', 'abort'] as const)('has one listener on its signal, off on %s', (end) => {
	const { signal } = new AbortController();
	const listeners = () => getEventListeners(signal, 'abort').length;
	const scope = new AbortScope(signal);
	for (let index = 0; index < 50; index++)
		scope
			.child()
			.child()
			.onAbort(() => {});
	expect(listeners()).toBe(1);
	scope[end]();
	expect(listeners()).toBe(0);
});

it('calls each handler once and in order, also one that was added twice or aborts again', () => {
	const scope = new AbortScope();
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
	const scope = new AbortScope();
	const [twice, other] = [jest.fn(), jest.fn()];
	const takeOff = scope.onAbort(twice);
	scope.onAbort(twice);
	takeOff();
	scope.onAbort(() => takeOther());
	const takeOther = scope.onAbort(other);
	scope.abort();
	expect(twice).toHaveBeenCalledTimes(1);
	expect(other).not.toHaveBeenCalled();
});

it('aborts its children, and none of them aborts it', () => {
	const scope = new AbortScope();
	const [one, other] = [scope.child(), scope.child()];
	const grandchild = one.child();
	other.abort();
	expect([scope.aborted, one.aborted, other.aborted]).toEqual([false, false, true]);
	scope.abort();
	expect([one.aborted, grandchild.aborted]).toEqual([true, true]);
});

it('is not aborted and calls no handler once it is closed', () => {
	const root = new AbortScope();
	const child = root.child();
	const handler = jest.fn();
	child.onAbort(handler);
	child.close();
	root.abort();
	expect(child.aborted).toBe(false);
	child.abort();
	expect(handler).not.toHaveBeenCalled();
});

it('makes a signal on first use, which is aborted with it and is its own', () => {
	const scope = new AbortScope();
	const [child, other] = [scope.child(), scope.child()];
	const { signal } = child;
	expect(child.signal).toBe(signal);
	expect(other.signal).not.toBe(signal);
	other.abort();
	expect(signal.aborted).toBe(false);
	scope.abort();
	expect(signal.aborted).toBe(true);
	expect(signal.reason).toBeInstanceOf(Aborted);
});
