import type { NodeHint } from 'n8n-workflow';

/** What the editor says beside the node, only where it may surprise. */

const isGenerate = '($parameter.operation ?? "generate") === "generate"';

/** From so many images on, a run without a limit is worth a word. */
const MANY_IMAGES = 20;

export const hints: NodeHint[] = [
	{
		message: `This run asks for more than ${MANY_IMAGES} images, and each one is charged. The option 'Max Images per Run' sets a limit.`,
		type: 'info',
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{ ${isGenerate} && !($parameter.options?.maxImages > 0) && $input.all().length * ($parameter.numberOfImages || 1) > ${MANY_IMAGES} }}`,
	},
	{
		message: "To get the images later, use 'Get Result' with the 'request_id' of each item.",
		type: 'info',
		location: 'outputPane',
		whenToDisplay: 'afterExecution',
		displayCondition: `={{ ${isGenerate} && $parameter.waitForCompletion === false }}`,
	},
	{
		message:
			"A transparent background requires 'Output Format' PNG or WebP. JPEG doesn't support it.",
		type: 'warning',
		location: 'ndv',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{ ${isGenerate} && $parameter.options?.background === "transparent" && $parameter.options?.outputFormat === "jpeg" }}`,
	},
];
