export default async function tearDown(): Promise<void> {
	await (globalThis as { stopN8n?: () => Promise<void> }).stopN8n?.();
}
