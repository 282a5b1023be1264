import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { workflowPackage } from './n8n';

const { getNodeParameters } = workflowPackage.NodeHelpers;

/**
 * What n8n's own helper does between the stored credential and the request, over one credential that
 * the test hands in decrypted: defaults of fields left out, and the credential type's `authenticate`.
 */
export class CredentialsHelper {
	constructor(
		private readonly typeByName: (name: string) => ICredentialType,
		private readonly stored: ICredentialDataDecryptedObject,
	) {}

	getParentTypes(name: string): string[] {
		return this.typeByName(name).extends ?? [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.typeByName(type).properties;
	}

	async getDecrypted(_data: unknown, _node: unknown, type: string) {
		const properties = this.getCredentialsProperties(type);
		const values = getNodeParameters(properties, this.stored as never, true, false, null, null);
		return values as ICredentialDataDecryptedObject;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions,
	) {
		const { authenticate } = this.typeByName(typeName);
		if (typeof authenticate !== 'function') throw new Error('The harness serves functions alone');
		return await authenticate(credentials, request);
	}

	async preAuthentication(): Promise<undefined> {}

	async runPreAuthentication(): Promise<undefined> {}
}
