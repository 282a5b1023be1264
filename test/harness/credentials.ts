import type {
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { core, workflowPackage } from './n8n';

const { NodeHelpers } = workflowPackage;

const notStored = async (): Promise<never> => {
	throw new Error('There is no stored credential in the harness');
};

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
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.typeByName(typeName);
		if (typeof authenticate !== 'function') throw new Error('The harness serves functions alone');
		return await authenticate(credentials, request as IHttpRequestOptions);
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(_helpers: IHttpRequestHelper): Promise<undefined> {
		return undefined;
	}

	getCredentials = notStored;

	updateCredentials = notStored;

	updateCredentialsOauthTokenData = notStored;
}
