import { underMisbehaviour } from './misbehaviour';
import type { Outcome } from './misbehaviour';
import type { RecordedRequest } from './records';
import { scenarioOf } from './scenarios';
import type { Service } from './service';
import type { EmulatedImage, EmulatedTask } from './task';

/** Finds the image that lies at a path, also where a redirect has moved it to. */
export function imageAt(
	service: Service,
	path: string,
): { task: EmulatedTask; image: EmulatedImage } | undefined {
	const [bare = ''] = path.replace(/^\/moved\//, '/').split('?');
	return service.imagesByPath.get(bare);
}

/** Names in the record of the image port the task whose image is asked for. */
export function identifyImage(service: Service, record: RecordedRequest): void {
	record.call = 'image';
	const found = imageAt(service, record.path);
	if (found) record.requestId = found.task.id;
}

/** The image server's answer. It knows no key and asks for none. */
export async function answerImage(service: Service, record: RecordedRequest): Promise<Outcome> {
	const found = imageAt(service, record.path);
	if (!found || found.task.ending?.how !== 'succeeded') {
		return { answer: { status: 404, body: '<html><body>404 Not Found</body></html>' } };
	}
	if (record.method !== 'GET' && record.method !== 'HEAD') return { answer: { status: 405 } };
	const { task, image } = found;
	image.downloads += 1;
	const { bytes, contentType } = await service.pictures.of(task, image);
	const answer = { status: 200, headers: { 'content-type': contentType }, body: bytes };
	const { downloads: count, index } = image;
	const seen = { count, answer, task, index, path: record.path, baseUrl: service.baseUrl };
	const twist = scenarioOf(task.scenario).image;
	return underMisbehaviour(twist?.(seen), async () => ({ answer }));
}
