import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { core, workflowPackage } from './n8n';

const { isExpression, NodeHelpers } = workflowPackage;

type Values = Parameters<Workflow['expression']['getSimpleParameterValue']>[3];

/**
 * What n8n's own helper does between the stored credential and the request, over one credential
 * that the test hands in decrypted: defaults of fields left out, expressions in its fields, and
 * the credential type's own `authenticate`. There is no data base, so nothing is stored.
 */
export class CredentialsHelper extends workflowPackage.ICredentialsHelper {
	constructor(
		private readonly typeByName: (name: string) => ICredentialType,
		private readonly stored: ICredentialDataDecryptedObject,
	) {
		super();
	}

	getParentTypes(name: string): string[] {
		return this.typeByName(name).extends ?? [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.typeByName(type).properties;
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		if (raw) return { ...this.stored };
		const data = NodeHelpers.getNodeParameters(
			this.getCredentialsProperties(type),
			this.stored as never,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		if (!values) return data;
		return values.workflow.expression.getParameterValue(
			data as never,
			values.runExecutionData,
			values.runIndex,
			values.itemIndex,
			values.node.name,
			values.connectionInputData,
			mode,
			core.getAdditionalKeys(additionalData, mode, null),
			executeData,
			false,
			data,
		) as unknown as ICredentialDataDecryptedObject;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const options = request as IHttpRequestOptions;
		const { authenticate } = this.typeByName(typeName);
		if (typeof authenticate === 'function') return await authenticate(credentials, options);
		if (authenticate?.type !== 'generic' || !workflow || !node) return options;
		const resolve = (value: unknown) =>
			resolveValue(value, { $credentials: credentials }, workflow, node);
		const target = options as unknown as Record<string, Record<string, unknown>>;
		for (const [part, entries] of Object.entries(authenticate.properties)) {
			target[part] ??= {};
			for (const [key, value] of Object.entries(entries as object)) {
				target[part][resolve(key)] = resolve(value);
			}
		}
		return options;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(_helpers: IHttpRequestHelper): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('There is no stored credential in the harness');
	}

	async updateCredentials(): Promise<void> {
		throw new Error('There is no stored credential in the harness');
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('There is no stored credential in the harness');
	}
}

function resolveValue(value: unknown, values: Values, workflow: Workflow, node: INode): string {
	if (!isExpression(value)) return value as string;
	const resolved = workflow.expression.getSimpleParameterValue(
		node,
		value,
		'internal',
		values,
		undefined,
		'',
	);
	return resolved ? String(resolved) : '';
}
