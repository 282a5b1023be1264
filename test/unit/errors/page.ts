import { SeaArtApi } from '../../../credentials/SeaArtApi.credentials';
import { STOPPED } from '../../../nodes/GptImage1/errors/taskError';
import { otherTasks } from '../../../nodes/GptImage1/errors/tasks';
import type { Item } from '../../../nodes/GptImage1/run/item';
import { failedItem } from '../../../nodes/GptImage1/run/failedItem';
import { EVERY_ERROR } from './everyError';
import type { Entry } from './everyError';

/** docs/errors.md: every error as users read it. */

const INTRODUCTION = `# Every error

What the node says when something goes wrong, rendered from the code by \`test/unit/errors/page.test.ts\`. The test fails when this page and the code differ; \`WRITE_DOCS=1 npx jest test/unit/errors\` writes the page anew. \`mmsu_1\` stands for a request ID, "what SeaArt Cloud says" for the service's own words.

Each error has a message (bold) and a description. With **On Error** set to one of the "Continue" settings they are in the item's \`error\`, together with the fields below them. Every message ends in the number of its input item.

<picture><source media="(prefers-color-scheme: dark)" srcset="images/error-dark.png"><img src="images/error-light.png" alt="An error in the output panel of n8n, with message and description" width="404"></picture>`;

type Told = { message: string; description?: string } & Record<string, unknown>;

/** As it is in the item of a failure, which has the words of the error that n8n shows. */
const told = ({ error }: Entry) =>
	failedItem({ index: 0 } as Item, error).json.error as unknown as Told;

function fieldsOf({ message: _message, description: _description, ...fields }: Told): string {
	const shown = Object.entries(fields).map(([name, value]) => `\`${name}: ${String(value)}\``);
	return shown.length > 0 ? `\n>\n> ${shown.join(' ')}` : '';
}

function quote(one: Told): string {
	const { message, description } = one;
	return `> **${message}**\n>\n> ${description}${fieldsOf(one)}`;
}

/** Errors that differ in the HTTP status alone, or in whether the status or the result was asked for. */
const SAME = /HTTP \d+|http_code: \d+|(?<=Could not get )the (status|result)/g;

/** What is said, each under all that it is said of. */
function headed(all: Array<{ when: string; said: string }>): string {
	const byWords = new Map<string, { said: string; whens: Set<string> }>();
	for (const { when, said } of all) {
		const key = said.replace(SAME, '');
		const { whens } = byWords.get(key) ?? byWords.set(key, { said, whens: new Set() }).get(key)!;
		whens.add(when);
	}
	return [...byWords.values()]
		.map(({ said, whens }) => `### ${[...whens].join(', ').replace(/, HTTP /g, ', ')}\n\n${said}`)
		.join('\n\n');
}

const sections = [...new Set(EVERY_ERROR.map(({ section }) => section))].map((section) => {
	const entries = EVERY_ERROR.filter((one) => one.section === section);
	const all = entries.map((entry) => ({ when: entry.when, said: quote(told(entry)) }));
	return `## ${section}\n\n${headed(all)}`;
});

const many = Array.from({ length: 101 }, (_, index) => `mmsu_${index + 2}`);

const ENDING = `## The end of the whole run

Without "Continue", the error of one item ends the run of the node. Its description then also says:

> ${otherTasks(['mmsu_2', 'mmsu_3'], [])}

or, from 101 tasks on, ends with:

> ${otherTasks(many, [])!.split('mmsu_101')[1]!.replace(/^,? /, '')}

Where creates of other items got no clear answer, it also says:

> ${otherTasks([], [2, 5])}

On Stop, n8n shows the execution as canceled, with the message:

> **${STOPPED}**`;

const RULES = (new SeaArtApi().test.rules ?? []) as Array<{
	type: string;
	properties: { value: unknown; message: string };
}>;

const rules = RULES.map(({ type, properties: { value, message } }) => ({
	when: type === 'responseCode' ? `HTTP ${String(value)}` : 'Another server',
	said: `> ${message}`,
}));

const CREDENTIAL = `## Testing the credential\n\n${headed(rules)}`;

export const errorsPage = `${[INTRODUCTION, ...sections, ENDING, CREDENTIAL].join('\n\n')}\n`;
