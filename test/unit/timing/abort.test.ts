import { getEventListeners } from 'node:events';
import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';

/** A signal, and how many listeners it has. */
function watchedSignal() {
	const controller = new AbortController();
	const { signal } = controller;
	return { controller, signal, listeners: () => getEventListeners(signal, 'abort').length };
}

it('is aborted with its signal, and throws Aborted from then on', () => {
	const { controller, signal } = watchedSignal();
	const scope = new AbortScope(signal);
	expect(() => scope.throwIfAborted()).not.toThrow();
	expect(scope.aborted).toBe(false);
	controller.abort();
	expect(scope.aborted).toBe(true);
	expect(() => scope.throwIfAborted()).toThrow(Aborted);
});

it('is aborted from the start by a signal that has been', () => {
	const scope = new AbortScope(AbortSignal.abort());
	const handler = jest.fn();
	scope.onAbort(handler);
	expect(scope.aborted).toBe(true);
	expect(handler).toHaveBeenCalledTimes(1);
	expect(scope.child().aborted).toBe(true);
	expect(scope.child().signal.aborted).toBe(true);
});

it('has one listener on its signal, however many children and handlers', () => {
	const { controller, signal, listeners } = watchedSignal();
	const scope = new AbortScope(signal);
	const handler = jest.fn();
	for (let index = 0; index < 50; index++) {
		scope.onAbort(handler);
		scope.child().child().onAbort(handler);
	}
	expect(listeners()).toBe(1);
	controller.abort();
	expect(handler).toHaveBeenCalledTimes(100);
});

it.each(['close', 'abort'] as const)('takes its listener off on %s', (end) => {
	const { signal, listeners } = watchedSignal();
	const scope = new AbortScope(signal);
	expect(listeners()).toBe(1);
	scope[end]();
	expect(listeners()).toBe(0);
});

it('calls each handler once and in order, also one that was added twice', () => {
	const scope = new AbortScope();
	const called: string[] = [];
	const first = () => called.push('first');
	scope.onAbort(first);
	scope.onAbort(() => called.push('second'));
	scope.onAbort(first);
	scope.abort();
	scope.abort();
	expect(called).toEqual(['first', 'second', 'first']);
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

it('counts as aborted while its handlers are called', () => {
	const scope = new AbortScope();
	const seen: boolean[] = [];
	scope.onAbort(() => seen.push(scope.aborted));
	scope.onAbort(() => scope.onAbort(() => seen.push(true)));
	scope.abort();
	expect(seen).toEqual([true, true]);
});

it('calls no handler again where one of them aborts the scope once more', () => {
	const root = new AbortScope();
	const scope = root.child();
	const handler = jest.fn(() => root.abort());
	scope.onAbort(handler);
	root.abort();
	expect(handler).toHaveBeenCalledTimes(1);
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

it('neither hears of an abort nor calls its handlers once it is closed', () => {
	const { controller, signal } = watchedSignal();
	const root = new AbortScope(signal);
	const child = root.child();
	const handler = jest.fn();
	child.onAbort(handler);
	child.close();
	controller.abort();
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

it('makes an aborted signal where it has been aborted', () => {
	const scope = new AbortScope();
	scope.abort();
	expect(scope.signal.aborted).toBe(true);
});
