import { CANCEL, REFUSED, createAnswer, resultBody, statusBody } from './answers';
import { refusals } from './contract';
import { answerImage, imageAt } from './images';
import { underMisbehaviour } from './misbehaviour';
import type { Outcome } from './misbehaviour';
import type { Call, RecordedRequest } from './records';
import { scenarioOf } from './scenarios';
import type { Service } from './service';
import { ENDINGS, endTask } from './task';
import type { EmulatedTask } from './task';

const APP = 'gpt_image_1';
const QUEUE = '/model/v1/queue/';

/** The calls on one task: last part of the path, and the only method that it takes. */
const TASK_CALLS: Record<string, { call: Call; method: string }> = {
	status: { call: 'status', method: 'GET' },
	response: { call: 'result', method: 'GET' },
	cancel: { call: 'cancel', method: 'PUT' },
};

type Route = { call?: Call; app?: string; id?: string; method?: string };

function routeOf(path: string): Route {
	const [bare = ''] = path.split('?');
	if (!bare.startsWith(QUEUE)) return {};
	const [app, requests, id, last, ...more] = bare.slice(QUEUE.length).split('/');
	if (requests === undefined) return { app, call: 'create', method: 'POST' };
	const known = requests === 'requests' && more.length === 0 ? TASK_CALLS[last ?? ''] : undefined;
	return known ? { app, id, ...known } : {};
}

/** Names in the record which call of the contract the request is, and of which task. */
export function identify(service: Service, record: RecordedRequest): void {
	const { call, id, method } = routeOf(record.path);
	if (call && record.method === method) record.call = call;
	if (id !== undefined) record.requestId = id;
	const image = imageAt(service, record.path);
	if (image) Object.assign(record, { call: 'image', requestId: image.task.id });
}

/** The answer of the API to a recorded request; a misbehaviour asked for goes before the truth. */
export function answerApi(service: Service, record: RecordedRequest): Promise<Outcome> {
	return underMisbehaviour(service.plays.next(record.call), async () => {
		if (record.call === 'image') return answerImage(service, record);
		const { call, app, id, method } = routeOf(record.path);
		if (!call || app === undefined) return { answer: REFUSED.noSuchPath() };
		const key = /^(?:Bearer|Key) (.*)$/.exec(record.headers.authorization ?? '')?.[1];
		if (!key) return { answer: REFUSED.keyMissing() };
		if (key !== service.options.key) return { answer: REFUSED.keyWrong() };
		if (app !== APP) return { answer: REFUSED.noSuchApp(app) };
		if (record.method !== method) return { answer: REFUSED.wrongMethod() };
		const over = service.gate.enter(call, () => service.openTasks());
		if (over) return { answer: REFUSED.tooMany(over.message, over.retryAfter) };
		if (call === 'create') return create(service, record);
		const task = service.tasks.get(id ?? '');
		if (call === 'cancel') return cancel(service, task);
		if (!task) return { answer: REFUSED.noSuchTask() };
		return call === 'status' ? status(service, task) : result(service, task);
	});
}

async function create(service: Service, record: RecordedRequest): Promise<Outcome> {
	const refused = refusals(record.body);
	if (!record.headers['content-type']?.startsWith('application/json')) {
		refused.push({ loc: ['header', 'content-type'], msg: 'Input should be application/json' });
	}
	if (refused.length > 0) return { answer: { status: 422, body: { detail: refused } } };

	const body = record.body as { prompt: string };
	const { name, misbehaviour } = service.plays.ofCreate(body);
	return underMisbehaviour(misbehaviour, async () => {
		const task = service.addTask(body, name);
		record.requestId = task.id;
		return { answer: createAnswer(task, `${service.baseUrl}/v1/queue/${APP}`) };
	});
}

async function status(service: Service, task: EmulatedTask): Promise<Outcome> {
	task.statusReads += 1;
	const answer = { status: 200, body: statusBody(task, service.look(task)) };
	const count = task.statusReads;
	const twist = scenarioOf(task.scenario).status;
	const seen = { count, answer, task, index: 0, path: '', baseUrl: service.baseUrl };
	return underMisbehaviour(twist?.(seen), async () => ({ answer }));
}

async function result(service: Service, task: EmulatedTask): Promise<Outcome> {
	const now = service.look(task);
	if (now.status !== 'COMPLETED' || task.ending?.how !== 'succeeded') {
		// The contract is unsure of a bad end's result: here it is the 200 with the error in it.
		const code = now.status === 'COMPLETED' ? 200 : 202;
		return { answer: { status: code, body: statusBody(task, now) } };
	}
	task.resultReads += 1;
	const count = task.resultReads;
	const making = task.images.map((image) => service.pictures.of(task, image));
	const body = resultBody(task, await Promise.all(making), service.imagesOrigin);
	const answer = { status: 200, body };
	const twist = scenarioOf(task.scenario).result;
	const seen = { count, answer, task, index: 0, path: '', baseUrl: service.baseUrl };
	return underMisbehaviour(twist?.(seen), async () => ({ answer }));
}

async function cancel(service: Service, task: EmulatedTask | undefined): Promise<Outcome> {
	if (!task) return { answer: CANCEL.noSuchTask() };
	task.cancels += 1;
	const { endsAtCancel, cancelIgnored } = scenarioOf(task.scenario);
	if (service.look(task).status !== 'COMPLETED' && endsAtCancel) endTask(task, endsAtCancel);
	if (task.ending) return { answer: CANCEL.tooLate(task) };
	if (!cancelIgnored) endTask(task, ENDINGS.cancelled);
	return { answer: CANCEL.taken(task) };
}
