import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import type { ByteStream, Response } from '../service/boundedCall';
import { CredentialUnavailable } from '../service/networkFailure';
import { redactor } from '../service/redact';

/** What n8n's request functions yield with `returnFullResponse` and `encoding: 'stream'`. */
export type FullResponse = { statusCode: number; headers: IDataObject; body: ByteStream };

/**
 * Sends one item's calls with the key. Each goes out on a copy of n8n's functions: n8n refuses every
 * call after Stop by the signal that it finds there, so each call brings its own. The credential is
 * read once for an item: under n8n 2 a field with an expression can no longer be worked out when the
 * item has settled, and the cancel that follows a Stop may leave after that.
 */
export class KeyedSender {
	private credential: Promise<ICredentialDataDecryptedObject> | undefined;

	private redactKey: <T>(value: T) => T = (value) => value;

	/** The same without the API key, wherever the service has repeated it. */
	readonly redact = <T>(value: T): T => this.redactKey(value);

	constructor(private readonly context: IExecutePaginationFunctions) {}

	/** Reads the credential, so that a call may be sent when it cannot be read any more. Never rejects. */
	readonly prepare = async (): Promise<void> => {
		await this.readCredential('seaArtApi').catch(() => {});
	};

	/** Rejects where no response came, with CredentialUnavailable where nothing was sent for want of it. */
	readonly send = async (request: IHttpRequestOptions, signal: AbortSignal): Promise<Response> => {
		let unavailable: CredentialUnavailable | undefined;
		const getCredentials = async (type: string) =>
			await this.readCredential(type).catch(async (error: unknown) => {
				unavailable = new CredentialUnavailable(error);
				return await Promise.reject(unavailable);
			});
		const caller = Object.create(this.context, {
			getExecutionCancelSignal: { value: () => signal },
			getCredentials: { value: getCredentials },
		}) as IExecutePaginationFunctions;
		const sending = caller.helpers.httpRequestWithAuthentication.call(caller, 'seaArtApi', request);
		return await sending.then(
			({ statusCode, headers, body }: FullResponse) => ({ status: statusCode, headers, body }),
			async (error: Error) => await Promise.reject(unavailable ?? error),
		);
	};

	private async readCredential(type: string): Promise<ICredentialDataDecryptedObject> {
		this.credential ??= this.context.getCredentials(type).then((credential) => {
			// An expression can yield a number.
			this.redactKey = redactor(`${credential.apiKey as string}`);
			return credential;
		});
		this.credential.catch(() => (this.credential = undefined));
		return await this.credential;
	}
}
