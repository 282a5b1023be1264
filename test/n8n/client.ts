import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type {
	ExecutionStatus,
	IBinaryData,
	IConnections,
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	IPinData,
	IRunExecutionData,
	IWorkflowSettings,
} from 'n8n-workflow';

export type SignIn = { email: string; password: string };

export type Credential = { name: string; type: string; data: ICredentialDataDecryptedObject };

export type Saved = { id: string; name: string };

/** What an exported workflow holds, as in test/examples. */
export interface WorkflowJson {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

export interface Execution {
	id: string;
	status: ExecutionStatus;
	mode: string;
	startedAt: string;
	stoppedAt: string | null;
	workflowId: string;
	data: IRunExecutionData;
}

export type ListedExecution = Omit<Execution, 'data'>;

/** Meets n8n's rules for passwords, and differs from one instance to the next. */
export const newSignIn = (): SignIn => ({
	email: 'owner@n8n.example',
	password: `N8n-${randomBytes(9).toString('base64url')}`,
});

/** n8n 1.123 can say that an execution has ended a moment before it has stored the data. */
const DATA_DELAY_MS = 5000;

/** A trigger's own part of an execution, which n8n does not run where its data are given. */
const TRIGGERED = { startTime: 0, executionTime: 0, executionIndex: 0, source: [] };

const UNENDED = new Set<ExecutionStatus>(['new', 'running', 'waiting', 'unknown']);

/** n8n as its own editor talks to it: the REST interface under `/rest`, signed in with a cookie. */
export class Client {
	/** @param cookie of a client that has signed in: n8n takes only a few sign-ins a minute */
	constructor(
		readonly url: string,
		public cookie = '',
	) {}

	/** Signs in as the owner, whose account is made in a fresh n8n. */
	async signIn({ email, password }: SignIn): Promise<void> {
		const owner = { email, password, firstName: 'Test', lastName: 'Owner' };
		await this.request('POST', '/login', { emailOrLdapLoginId: email, password }).catch(
			async () => await this.request('POST', '/owner/setup', owner),
		);
	}

	async createCredential(credential: Credential): Promise<Saved> {
		return await this.request('POST', '/credentials', credential);
	}

	async credentials(): Promise<Saved[]> {
		return await this.request('GET', '/credentials');
	}

	async createWorkflow(workflow: WorkflowJson): Promise<Saved> {
		// n8n 1.123 wants to be told that it is not active; n8n 2 publishes by a call of its own.
		return await this.request('POST', '/workflows', { settings: {}, ...workflow, active: false });
	}

	/** Publishes the workflow as it is saved. Its webhook answers some moments later. */
	async activateWorkflow(id: string): Promise<void> {
		const { versionId } = await this.request<{ versionId: string }>('GET', `/workflows/${id}`);
		const version = { versionId, name: '', description: '' };
		await this.request('POST', `/workflows/${id}/activate`, version);
	}

	async deactivateWorkflow(id: string): Promise<void> {
		await this.request('POST', `/workflows/${id}/deactivate`, {});
	}

	/**
	 * "Execute workflow" from the trigger of this name; returns the execution's id at its start.
	 *
	 * @param json what the trigger puts out, where it waits for a message or a call
	 */
	async runWorkflow(id: string, trigger: string, json?: IDataObject): Promise<string> {
		// n8n 1.123 runs what it is sent, n8n 2 what it has saved.
		const workflowData = await this.request<object>('GET', `/workflows/${id}`);
		const data = json && { ...TRIGGERED, data: { main: [[{ json }]] } };
		const body = { workflowData, triggerToStartFrom: { name: trigger, data } };
		const path = `/workflows/${id}/run`;
		return (await this.request<{ executionId: string }>('POST', path, body)).executionId;
	}

	async execution(id: string): Promise<Execution> {
		const { data, ...rest } = await this.request<ListedExecution & { data: string }>(
			'GET',
			`/executions/${id}`,
		);
		return { ...rest, data: parse(data) as IRunExecutionData };
	}

	/** The execution once it has ended, failed or not. */
	async waitForExecution(
		id: string,
		{ timeoutMs = 60_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
	): Promise<Execution> {
		const deadline = Date.now() + timeoutMs;
		let endedAt: number | undefined;
		for (;;) {
			const execution = await this.execution(id);
			const { status, data } = execution as ListedExecution & Partial<Execution>;
			if (!UNENDED.has(status)) {
				endedAt ??= Date.now();
				// One that never came to run, or was killed, has no data at all.
				if (data?.resultData || Date.now() > endedAt + DATA_DELAY_MS) return execution;
			}
			if (Date.now() > deadline)
				throw new Error(`Execution ${id} is still ${execution.status} after ${timeoutMs} ms.`);
			await sleep(200, undefined, { signal });
		}
	}

	/** The last hundred of a workflow (with a status of these), newest first. */
	async executions(workflowId: string, status?: string[]): Promise<ListedExecution[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
		const path = `/executions?limit=100&filter=${filter}`;
		return (await this.request<{ results: ListedExecution[] }>('GET', path)).results;
	}

	async stopExecution(id: string): Promise<void> {
		await this.request('POST', `/executions/${id}/stop`);
	}

	/** "Retry" in the executions list. Returns the new execution's id when that has ended. */
	async retryExecution(id: string): Promise<string> {
		const path = `/executions/${id}/retry`;
		return (await this.request<{ id: string }>('POST', path, { loadWorkflow: false })).id;
	}

	/** The bytes behind an item's binary, from wherever n8n keeps them. */
	async binary({ id, data }: IBinaryData): Promise<Buffer> {
		if (!id) return Buffer.from(data, 'base64');
		const path = `/binary-data?action=download&id=${encodeURIComponent(id)}`;
		const response = await this.send('GET', path);
		return Buffer.from(await response.arrayBuffer());
	}

	/** Any other call of n8n's REST interface; answers what lies under its `data`. */
	async request<T = unknown>(method: string, path: string, body?: object): Promise<T> {
		const response = await this.send(method, path, body);
		const answer = (await response.json()) as { data: T };
		return answer.data;
	}

	private async send(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			// A busy process would use a connection again that n8n has closed meanwhile.
			headers: { cookie: this.cookie, 'content-type': 'application/json', connection: 'close' },
			...(body && { body: JSON.stringify(body) }),
		});
		if (!response.ok)
			throw new Error(`n8n: ${method} ${path}: HTTP ${response.status}: ${await response.text()}`);
		const cookie = response.headers.get('set-cookie')?.split(';')[0];
		if (cookie) this.cookie = cookie;
		return response;
	}
}
