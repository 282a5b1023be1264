import type { INodeExecutionData } from 'n8n-workflow';
import { download } from '../images/download';
import type { ByteStream } from '../images/checkedStream';
import type { Downloaded, ImageAnswer, ImageSource } from '../images/download';
import { fileNameFor } from '../images/fileName';
import type { ImageType } from '../images/imageType';
import { imageRow, singleRow } from '../images/rows';
import type { FetchedImage } from '../images/rows';
import type { ImageRecord, TaskResult } from '../task/contract';
import { imageNotFetched, noImages } from '../task/errors';
import type { Problem } from '../task/errors';
import { failureRow, withoutKey } from './failure';
import type { Item } from './item';
import type { FullResponse } from './sendingWithKey';
import { MOST_DOWNLOADS } from './nodeRun';
import type { ImagePlan } from './parameters';
import { DELIVERY_TIME } from './waitForTask';

type Fetched = FetchedImage | { problem: Problem };

/**
 * The rows of a task that has ended well, its images downloaded where they are wanted. An image that
 * cannot be had is a failed row of its own wherever the error mode allows rows beside a failure.
 *
 * @throws Problem where there is no image, or one cannot be had under "Stop Workflow"
 */
export async function deliver(
	item: Item,
	result: TaskResult & { requestId: string },
	plan: ImagePlan,
): Promise<INodeExecutionData[]> {
	const { requestId, images } = result;
	if (images.length === 0) throw noImages(requestId);
	const fetched = await Promise.all(
		images.map(async (image, index): Promise<Fetched> => {
			if (!plan.download) return { image, index };
			return await fetchImage(item, requestId, image, index);
		}),
	);
	const whole = fetched.filter((one): one is FetchedImage => 'image' in one);
	const problems = fetched.flatMap((one) => ('problem' in one ? [one.problem] : []));
	const [problem] = problems;
	if (problem && !item.context.continueOnFail()) throw problem;
	const rows =
		plan.output === 'itemPerImage'
			? whole.map((one) => imageRow(requestId, one, plan.binaryProperty))
			: whole.length > 0 || !problem
				? [singleRow(result, whole, plan.binaryProperty)]
				: [];
	const failed = problems.map(async ({ details }) =>
		failureRow(item, await withoutKey(item, details)),
	);
	return [...rows, ...(await Promise.all(failed))];
}

async function fetchImage(
	item: Item,
	requestId: string,
	image: ImageRecord,
	index: number,
): Promise<Fetched> {
	const { clock, run } = item;
	const source = sourceFor(item, requestId, index);
	const outcome = await run.downloads.hold(
		MOST_DOWNLOADS,
		async () => await download(image.url, source, clock.now() + DELIVERY_TIME),
	);
	if ('binary' in outcome) return { image, index, file: outcome };
	return { problem: imageNotFetched(requestId, index, image.url, outcome) };
}

/** n8n's own request function without the key, and its storage. */
function sourceFor(item: Item, requestId: string, index: number): ImageSource {
	const { context, declared, run } = item;
	const { proxy, skipSslCertificateValidation } = declared;
	const { helpers } = context;
	const names: Partial<Record<ImageType, string>> = {};
	return {
		clock: item.clock,
		signal: run.ended,
		httpAllowed: /^\s*http:/i.test(declared.baseURL ?? ''),
		async get(url, signal): Promise<ImageAnswer> {
			const answer = (await helpers.httpRequest({
				url,
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout: 60_000,
				abortSignal: signal,
				...(proxy && { proxy }),
				...(skipSslCertificateValidation !== undefined && { skipSslCertificateValidation }),
			})) as FullResponse<ByteStream>;
			return { status: answer.statusCode, headers: answer.headers, body: answer.body };
		},
		async store(bytes, type): Promise<Downloaded['binary']> {
			// A second attempt at an image keeps the name of the first.
			const name = (names[type] ??= fileNameFor(requestId, index, type, run.fileNames));
			return await helpers.prepareBinaryData(
				bytes as unknown as Parameters<typeof helpers.prepareBinaryData>[0],
				name,
				`image/${type}`,
			);
		},
	};
}
