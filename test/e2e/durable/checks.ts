/** Checks in the order of events; one that fails does not keep the next from running. */
export class Checks {
	private passed = 0;

	private failed = 0;

	constructor(private readonly say: (line: string) => void) {}

	async check(what: string, test: () => Promise<void> | void): Promise<void> {
		try {
			await test();
			this.passed++;
			this.say(`  ✓ ${what}`);
		} catch (error) {
			this.failed++;
			const words = error instanceof Error ? error.message : String(error);
			this.say(`  ✗ ${what}\n${words.replace(/^/gm, '      ')}`);
		}
	}

	get allPassed(): boolean {
		return this.failed === 0 && this.passed > 0;
	}

	/** The line that ends the output, for people and programs. */
	get summary(): string {
		return `${this.passed} passed, ${this.failed} failed`;
	}
}
