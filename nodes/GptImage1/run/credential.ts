import type { IExecutePaginationFunctions } from 'n8n-workflow';

/** What the credential says, without blanks around it; empty where it cannot be read. */
export async function credentialOf(
	context: IExecutePaginationFunctions,
): Promise<{ apiKey: string; baseUrl: string }> {
	const { apiKey, baseUrl } = await context.getCredentials('seaArtApi').catch(() => ({
		apiKey: '',
		baseUrl: '',
	}));
	return { apiKey: `${apiKey as string}`.trim(), baseUrl: `${baseUrl as string}`.trim() };
}
