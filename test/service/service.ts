import { randomBytes } from 'node:crypto';
import { APP, refusals, routeOf, withDefaults } from './contract';
import type { Call, Parameters } from './contract';
import { ENDINGS } from './endings';
import { respond } from './faults';
import type { Fault, Wire } from './faults';
import type { Pictures } from './pictures/pictures';
import { CANCELS, created, ERRORS, resultOf, statusOf } from './responses';
import type { Answer } from './responses';
import { Task } from './task';
import type { Plan, TaskImage } from './task';

/** A request as it comes to the service, over HTTP or from within the process. */
export type Request = {
	method: string;
	/** Query included. */
	path: string;
	headers: Record<string, string>;
	body: unknown;
};

/** Which call a request is, and what it is about; `call` is undefined where it is none. */
export type Subject<P extends Plan = Plan> = {
	call?: Call;
	requestId?: string;
	task?: Task<P>;
	image?: TaskImage;
};

/** What a request meets besides the service itself. */
export type Circumstances<P extends Plan> = {
	/** Goes before what the task's plan says. */
	fault?: Fault;
	/** How a task goes that the request makes. */
	plan: (parameters: Parameters) => P;
	/** What becomes of the true answer on its way. */
	change?: (answer: Answer) => Answer;
	onCreated?: (task: Task<P>) => void;
};

export type ServiceOptions = {
	key: () => string;
	pictures: Pictures;
	/** The clock by which tasks go; ms. */
	now?: () => number;
	newId?: () => string;
	/** Refuses a call that is one too many. */
	limit?: (call: Call) => Answer | undefined;
};

/** Unguessable, so that a test cannot pass by making ids up. */
const unguessable = () => `mmsu_${randomBytes(13).toString('hex')}`;

/** The service and the host of its images: every task, and what becomes of every request. */
export class Service<P extends Plan = Plan> {
	/** `http://HOST/model` */
	baseUrl = '';
	/** Scheme, host and port of the host that the images lie on. */
	imagesOrigin = '';
	readonly tasks = new Map<string, Task<P>>();

	constructor(private readonly options: ServiceOptions) {}

	add(
		body: Partial<Parameters> & { prompt: string },
		plan: (parameters: Parameters) => P,
	): Task<P> {
		const { newId = unguessable, now = Date.now } = this.options;
		const parameters = withDefaults(body);
		const task = new Task(newId(), parameters, plan(parameters), now);
		this.tasks.set(task.id, task);
		return task;
	}

	identify({ method, path }: Request): Subject<P> {
		const [, id = '', index] = /^(?:\/moved)?\/2026\/([^/]+)\/(\d+)\.\w+$/.exec(bare(path)) ?? [];
		const task = this.tasks.get(id);
		const image = task?.images[Number(index)];
		if (image) return { call: 'image', requestId: id, task, image };
		const route = this.route(path);
		return {
			call: route.method === method ? route.call : undefined,
			requestId: route.id,
			task: this.tasks.get(route.id ?? ''),
		};
	}

	/** What goes back for a request. */
	async respond(
		request: Request,
		subject: Subject<P>,
		circumstances: Circumstances<P>,
	): Promise<Wire> {
		const { call, task, image } = subject;
		const { fault, change = (answer) => answer } = circumstances;
		// A call counts for its task unless something before the service has answered it.
		const count = () => (call && task ? ++task.calls[call] : 0);
		const own = fault ? undefined : this.faultOf(subject, count(), bare(request.path));
		return await respond(fault ?? own, async () => {
			if (fault) count();
			if (image) return await this.imageAnswer(request, task!, image);
			return change(await this.truth(request, task, circumstances));
		});
	}

	private faultOf({ call, task, image }: Subject<P>, count: number, path: string) {
		if (!call || !task) return undefined;
		if (image) image.downloads++;
		const times = image ? image.downloads : count;
		return task.plan.faults?.[call]?.(times, { task, index: image?.index ?? 0, path });
	}

	private route(path: string) {
		const { pathname } = new URL(this.baseUrl);
		return path.startsWith(pathname) ? routeOf(bare(path).slice(pathname.length)) : {};
	}

	private async truth(
		request: Request,
		task: Task<P> | undefined,
		{ plan, onCreated }: Circumstances<P>,
	): Promise<Answer> {
		const { call, app, method } = this.route(request.path);
		if (!call || app === undefined) return ERRORS.notFound('Not Found');
		const key = /^(?:Bearer|Key) (.*)$/.exec(request.headers.authorization ?? '')?.[1];
		if (!key) return ERRORS.unauthorized('Missing API key');
		if (key !== this.options.key()) return ERRORS.wrongKey();
		if (app !== APP) return ERRORS.notFound(`App not found: ${app}`);
		if (request.method !== method) return ERRORS.wrongMethod();
		const limited = this.options.limit?.(call);
		if (limited) return limited;
		if (call === 'create') {
			const refused = refusalsOf(request);
			if (refused.length > 0) return ERRORS.refused(refused);
			const made = this.add(request.body as { prompt: string }, plan);
			onCreated?.(made);
			return varied(made, 'create', created(made, `${this.baseUrl}/v1/queue/${APP}`));
		}
		if (call === 'cancel') return cancel(task);
		if (!task) return ERRORS.notFound();
		// Drawn while the client still reads the status, so that the result need not wait for it.
		const drawing = task.ending?.how === 'succeeded' ? this.draw(task) : undefined;
		if (call === 'status') {
			drawing?.catch(() => undefined);
			return varied(task, 'status', statusOf(task));
		}
		await drawing;
		return varied(task, 'result', resultOf(task, this.imagesOrigin));
	}

	/** The image host's answer. It knows no key and asks for none. */
	private async imageAnswer({ method }: Request, task: Task, image: TaskImage): Promise<Answer> {
		if (task.ending?.how !== 'succeeded') return ERRORS.noSuchImage();
		if (method !== 'GET' && method !== 'HEAD') return ERRORS.wrongMethod();
		const { bytes, contentType } = await this.options.pictures.of(task, image);
		const headers = { 'content-type': contentType };
		return varied(task, 'image', { status: 200, headers, body: bytes });
	}

	private async draw(task: Task): Promise<void> {
		const { pictures } = this.options;
		await Promise.all(task.images.map(async (image) => await pictures.of(task, image)));
	}
}

const varied = (task: Task, call: Call, answer: Answer): Answer =>
	task.plan.answers?.[call]?.(answer, task) ?? answer;

const bare = (path: string) => path.split(/[?#]/, 1)[0] ?? '';

function refusalsOf({ body, headers }: Request) {
	const refused = refusals(body);
	if (!headers['content-type']?.startsWith('application/json')) {
		refused.push({ loc: ['header', 'content-type'], msg: 'Input should be application/json' });
	}
	return refused;
}

function cancel(task: Task | undefined): Answer {
	if (!task) return CANCELS.notFound();
	const isTaken = task.plan.cancel?.(task) ?? task.end(ENDINGS.cancelled);
	return isTaken ? CANCELS.taken(task) : CANCELS.tooLate(task);
}
