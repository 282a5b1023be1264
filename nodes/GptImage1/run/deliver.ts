import type { INodeExecutionData } from 'n8n-workflow';
import { imageNotFetched } from '../errors/images';
import type { TaskError } from '../errors/taskError';
import { noImages } from '../errors/tasks';
import { download, MAX_DOWNLOADS } from '../images/download';
import type { ImageSource } from '../images/download';
import type { ImageType } from '../images/imageType';
import { imageItem, singleItem } from '../images/outputItems';
import type { FetchedImage } from '../images/outputItems';
import type { ImageRecord, TaskResult } from '../service/types';
import { systemClock } from '../timing/clock';
import { failedItem } from './failedItem';
import type { Item } from './item';
import type { ImagePlan } from './parameters';
import type { FullResponse } from './sendWithKey';
import { DELIVERY_MS } from './taskResult';

/** How long the image host may take until its headers come, in ms. */
const HEADERS_TIMEOUT_MS = 60_000;

type Fetched = FetchedImage | { error: TaskError };

/**
 * The items of a task that has succeeded, its images downloaded where they are wanted. An image that
 * cannot be had is a failed item of its own wherever the error mode allows items beside a failure.
 *
 * @throws TaskError where there is no image, or one cannot be had under "Stop Workflow"
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
			if (!plan.download && image.url) return { image, index };
			const one = await fetchImage(item, requestId, image, index);
			// At once: n8n would drop the others.
			if ('error' in one && item.endsRun) throw one.error;
			return one;
		}),
	);
	const whole = fetched.filter((one): one is FetchedImage => 'image' in one);
	const errors = fetched.flatMap((one) => ('error' in one ? [one.error] : []));
	const good =
		plan.output === 'itemPerImage'
			? whole.map((one) => imageItem(result, one, plan.binaryProperty))
			: whole.length > 0
				? [singleItem(result, whole, plan.binaryProperty)]
				: [];
	if (errors.length > 0 && item.node.retryOnFail) item.run.mayRunAgain = true;
	return [...good, ...errors.map((one) => failedItem(item, one))];
}

async function fetchImage(
	item: Item,
	requestId: string,
	image: ImageRecord,
	index: number,
): Promise<Fetched> {
	const { run } = item;
	const { url } = image;
	if (!url) return { error: imageNotFetched(requestId, index, { kind: 'noUrl' }) };
	const source = sourceFor(item, requestId, index);
	const outcome = await run.downloads.run(
		MAX_DOWNLOADS,
		run.scope,
		async () => await download(url, source, systemClock.now() + DELIVERY_MS),
	);
	if ('binary' in outcome) return { image, index, file: outcome };
	return { error: imageNotFetched(requestId, index, outcome, url) };
}

/** n8n's own request function without the key, and its storage. */
function sourceFor(item: Item, requestId: string, index: number): ImageSource {
	const { context, declared, run } = item;
	const { proxy, skipSslCertificateValidation } = declared;
	const { helpers } = context;
	const names: Partial<Record<ImageType, string>> = {};
	return {
		clock: systemClock,
		scope: run.scope,
		limiter: run.execution.downloadLimiter,
		httpAllowed: /^\s*http:/i.test(declared.baseURL ?? ''),
		async get(url, signal) {
			const response = (await helpers.httpRequest({
				url,
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout: HEADERS_TIMEOUT_MS,
				abortSignal: signal,
				...(proxy && { proxy }),
				...(skipSslCertificateValidation !== undefined && { skipSslCertificateValidation }),
			})) as FullResponse;
			return { status: response.statusCode, headers: response.headers, body: response.body };
		},
		async store(bytes, type) {
			// A second attempt at an image keeps the name of the first.
			const name = (names[type] ??= run.execution.fileNames.next(requestId, index, type));
			return await helpers.prepareBinaryData(
				bytes as unknown as Parameters<typeof helpers.prepareBinaryData>[0],
				name,
				`image/${type}`,
			);
		},
	};
}
