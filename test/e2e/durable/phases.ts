import type { Environment } from './environment';
import type { Order } from './orders';
import type { System } from './system';

/** A moment in an order's life in which n8n is killed. */
export interface Phase {
	/** Completes "killed …". */
	when: string;
	/** Without it, `PROMPT`. */
	prompt?: string;
	/** Makes the moment last, until the kill. */
	prepare?(env: Environment): void;
	/** Resolves in this moment, with what is to be killed. */
	reached(env: Environment, orderId: string): Promise<Parameters<System['kill']>[0]>;
	/** After the kill, before the restart. */
	afterKill?(env: Environment): void;
	/** What becomes of the order by itself; an unclear one needs a person. */
	becomes: 'delivered' | 'unclear';
	/** What a person who does as the row's note says puts into it. */
	byHand?(env: Environment, order: Order): Partial<Order>;
	/** Whether its image had been delivered before the kill, which nobody could know after it. */
	deliveredBefore?: true;
}

const PROMPT = 'a red apple';

export const promptOf = ({ prompt = PROMPT }: Phase, orderId: string) => `${prompt}, ${orderId}`;

/** "1 create", "2 creates" */
export const count = (many: number, what: string) => `${many} ${what}${many === 1 ? '' : 's'}`;

/** The tasks that the service made for this prompt: as many as are charged. */
export const tasksFor = ({ emulator }: Environment, prompt: string) =>
	[...emulator.tasks.values()].filter(({ parameters }) => parameters.prompt === prompt);

/** The creates that arrived for this prompt, answered or not. */
export const createsFor = ({ emulator }: Environment, prompt: string) =>
	emulator.creates().filter(({ body }) => (body as { prompt?: string }).prompt === prompt);

/** The IDs in the log lines of an execution, as `grep 'task created .*execution N,'` finds them. */
const loggedIds = ({ system }: Environment, execution: string | null): string[] =>
	[...system.log().matchAll(/task created \(task (\S+), execution (\d+), item \d+\)/g)]
		.filter(([, , number]) => number === execution)
		.map(([, id]) => id!);

const atGate = (gate: string) => ({
	prepare: ({ destination }: Environment) => destination.closeGate(gate),
	reached: async ({ destination, signal }: Environment) => ({
		executionId: await destination.whenHeld(gate, signal),
	}),
	afterKill: ({ destination }: Environment) => destination.openGate(gate),
});

/** From the order to the delivery, in this order. */
export const PHASES: Phase[] = [
	{
		when: 'before the create, the order not yet taken',
		...atGate('placedNotClaimed'),
		becomes: 'delivered',
	},
	{
		when: 'before the create, the order taken',
		...atGate('claimedNotSent'),
		becomes: 'unclear',
		byHand(env, order) {
			if (loggedIds(env, order.execution).length > 0) throw new Error('There is an ID in the log.');
			if (tasksFor(env, order.prompt).length > 0) throw new Error('There is a task.');
			return { state: 'ordered' };
		},
	},
	{
		when: 'in the create, its answer outstanding',
		prepare: ({ emulator }) => emulator.answerNext('create', 'hangAfterAccept'),
		async reached(env, orderId) {
			const { emulator, orders } = env;
			await emulator.whenRequested(
				({ call, body }) => call === 'create' && JSON.stringify(body).includes(orderId),
				60_000,
			);
			return { executionId: (await orders.one(orderId)).execution ?? '' };
		},
		becomes: 'unclear',
		byHand(env, order) {
			if (loggedIds(env, order.execution).length > 0) throw new Error('There is an ID in the log.');
			// Only the account of the service has it.
			return { state: 'created', request_id: tasksFor(env, order.prompt)[0]!.id };
		},
	},
	{
		when: 'after the create, its ID not yet noted',
		...atGate('createdNotNoted'),
		becomes: 'unclear',
		byHand: (env, order) => ({
			state: 'created',
			request_id: loggedIds(env, order.execution).at(-1) ?? '',
		}),
	},
	{
		when: 'in the wait',
		prompt: 'a castle that takes 3600 s',
		async reached({ orders, signal }, orderId) {
			await orders.whenAll([orderId], 'created', { signal });
			return 'everything';
		},
		afterKill({ emulator }) {
			for (const task of emulator.tasks.values()) if (!task.ending) emulator.end(task.id);
		},
		becomes: 'delivered',
	},
	{
		when: 'in the download',
		prepare: ({ emulator }) => emulator.answerNext('image', 'hang'),
		async reached(env, orderId) {
			const prompt = `${PROMPT}, ${orderId}`;
			await env.emulator.whenRequested(
				({ call, requestId }) =>
					call === 'image' && tasksFor(env, prompt).some(({ id }) => id === requestId),
				60_000,
			);
			return { executionId: (await env.orders.one(orderId)).execution ?? '' };
		},
		becomes: 'delivered',
	},
	{
		when: 'after the delivery, not yet noted',
		...atGate('deliveredNotNoted'),
		becomes: 'delivered',
		deliveredBefore: true,
	},
];
