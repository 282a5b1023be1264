import type { Call } from './records';
import type { Misbehaviour } from './misbehaviour';
import { scenarioInPrompt, scenarioOf } from './scenarios';
import type { ScenarioName } from './scenarios';

type Booking = { name: ScenarioName; before: number; times: number };
type Planned = { misbehaviour: Misbehaviour; times: number };

/** Which scenario a create plays, and what single calls were told to answer. */
export class Plays {
	private bookings: Booking[] = [];

	/** Scenarios that have refused a body and now wait for its repetition. */
	private readonly begun = new Map<string, { name: ScenarioName; step: number }>();

	private readonly planned = new Map<Call, Planned[]>();

	/** Has the `nth` create from now, and `times - 1` after it, play the scenario. */
	book(name: ScenarioName, { times = 1, nth = 1 }: { times?: number; nth?: number } = {}): void {
		this.bookings.push({ name, before: nth - 1, times });
	}

	plan(call: Call, misbehaviour: Misbehaviour, times: number): void {
		this.planned.set(call, [...(this.planned.get(call) ?? []), { misbehaviour, times }]);
	}

	/** What the next call of this kind was told to answer; uses it up. */
	next(call: Call | undefined): Misbehaviour | undefined {
		const queue = call && this.planned.get(call);
		const first = queue?.[0];
		if (!first) return undefined;
		first.times -= 1;
		if (first.times <= 0) queue.shift();
		return first.misbehaviour;
	}

	/**
	 * The scenario of a create and what it answers this time. A booked one goes before one named in
	 * the prompt. A scenario that refuses first is told by the body when the client repeats it.
	 */
	ofCreate(body: { prompt: string }): { name?: ScenarioName; misbehaviour?: Misbehaviour } {
		const key = JSON.stringify(body);
		const begun = this.begun.get(key);
		const name = begun?.name ?? this.takeBooking() ?? scenarioInPrompt(body.prompt);
		if (!name) return {};

		const { create = [], everyCreate = false } = scenarioOf(name);
		const step = begun?.step ?? 0;
		const misbehaviour = create[step];
		const goesOn = misbehaviour && (step + 1 < create.length || !everyCreate);
		if (goesOn) this.begun.set(key, { name, step: step + 1 });
		else this.begun.delete(key);
		return { name, misbehaviour };
	}

	clear(): void {
		this.bookings = [];
		this.begun.clear();
		this.planned.clear();
	}

	private takeBooking(): ScenarioName | undefined {
		let taken: Booking | undefined;
		for (const booking of this.bookings) {
			if (booking.before > 0) booking.before -= 1;
			else taken ??= booking;
		}
		if (taken) taken.times -= 1;
		this.bookings = this.bookings.filter(({ times }) => times > 0);
		return taken?.name;
	}
}
