import { build } from '../n8n/build';
import { say } from '../n8n/command';
import { assertWritable, writeImages } from '../n8n/imageFiles';
import { stopSignal } from '../n8n/stopSignal';

interface Arguments {
	/** An absolute path. */
	out: string;
	/** Of the node, as in a workflow's JSON. */
	parameters: Record<string, unknown>;
}

/** Builds, generates, writes the images and prints their paths. Returns the exit code. */
export async function main({ out, parameters }: Arguments): Promise<number> {
	const signal = stopSignal();
	try {
		await assertWritable(out);
		// Loading n8n's engine takes two seconds, in which this process has only the build to wait for.
		const [{ generate }] = await Promise.all([import('./generate'), build({ say, signal })]);
		const images = await generate(parameters, { say, signal });
		for (const path of await writeImages(out, images)) console.log(path);
		return 0;
	} catch (error) {
		if (signal.aborted) return 130;
		say(error instanceof Error ? error.message : String(error));
		return 1;
	}
}
