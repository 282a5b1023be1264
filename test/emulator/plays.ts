import type { Call } from '../service/contract';
import type { Fault } from '../service/faults';
import { scenarioInPrompt, SCENARIOS } from './scenarios';
import type { Scenario, ScenarioName } from './scenarios';

/** For how many creates, and of which prompt alone. */
export type When = { times?: number; prompt?: string };

/** Which scenario a create plays, and what single calls were told to meet. */
export class Plays {
	private bookings: Array<{ scenario: Scenario; prompt?: string; times: number }> = [];
	/** How often a create was refused by a scenario in its prompt, by its body. */
	private readonly refused = new Map<string, number>();
	private planned: Array<{ call: Call; fault: Fault; times: number }> = [];

	/** Has the next `times` creates (of a prompt: creates arrive in any order) play the scenario. */
	book(scenario: ScenarioName | Scenario, { times = 1, prompt }: When = {}): void {
		this.bookings.push({ scenario: scenarioOf(scenario), prompt, times });
	}

	plan(call: Call, fault: Fault, times: number): void {
		this.planned.push({ call, fault, times });
	}

	/** What the next call of this kind was told to meet; uses it up. */
	next(call: Call | undefined): Fault | undefined {
		const first = this.planned.find((one) => one.call === call);
		if (first) first.times -= 1;
		this.planned = this.planned.filter(({ times }) => times > 0);
		return first?.fault;
	}

	/** The scenario of a create and what it meets; a booked one goes before one in the prompt. */
	ofCreate(body: unknown): { scenario: Scenario; fault?: Fault } {
		const prompt = (body as { prompt?: unknown } | undefined)?.prompt;
		const booked = this.takeBooking(prompt);
		if (booked) return { scenario: booked, fault: booked.create?.(1) };
		const scenario = scenarioInPrompt(prompt);
		const key = JSON.stringify(body);
		const count = (this.refused.get(key) ?? 0) + 1;
		const fault = scenario.create?.(count);
		if (fault) this.refused.set(key, count);
		else this.refused.delete(key);
		return { scenario, fault };
	}

	private takeBooking(prompt: unknown): Scenario | undefined {
		const taken = this.bookings.find((booking) => (booking.prompt ?? prompt) === prompt);
		if (taken) taken.times -= 1;
		this.bookings = this.bookings.filter(({ times }) => times > 0);
		return taken?.scenario;
	}
}

export function scenarioOf(scenario: ScenarioName | Scenario): Scenario {
	if (typeof scenario !== 'string') return scenario;
	if (!Object.hasOwn(SCENARIOS, scenario)) throw new Error(`No scenario is called ${scenario}`);
	return SCENARIOS[scenario];
}
