import type { N8nVersion } from './install';

/** Settings under which n8n calls nobody, asks nothing, and logs what matters. */
const QUIET: Record<string, string> = {
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	// The registry of MCP servers is fetched from n8n's own site at every start.
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/** What a production n8n has, where a test would otherwise see something else. */
const AS_IN_PRODUCTION: Record<string, string> = {
	NODE_ENV: 'production',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	// Shorter than the grace after which the process is killed, so that it ends in good order.
	N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '8',
	// A test reads the data of executions of hundreds of items.
	EXECUTIONS_DATA_MAX_DISPLAY_SIZE: String(512 * 1024 * 1024),
};

/** What the surroundings of a test or of npm would tell n8n, or what it should not get to know. */
const NOT_FOR_N8N =
	/^(n8n_|db_|executions_|queue_|npm_|jest_|seaart_|node_options$|node_v8_coverage$|node_channel_|init_cwd$)/i;

/** The environment of an n8n process: the caller's overrides win, and `undefined` removes. */
export function n8nEnvironment(
	version: N8nVersion,
	{ userFolder, port, brokerPort }: { userFolder: string; port: number; brokerPort: number },
	overrides: Record<string, string | undefined>,
): NodeJS.ProcessEnv {
	const inherited = Object.entries(process.env).filter(([name]) => !NOT_FOR_N8N.test(name));
	const address = {
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		// Plain http: with the default, browsers would not keep the sign-in.
		N8N_SECURE_COOKIE: 'false',
		N8N_USER_FOLDER: userFolder,
		// A worker answers the same /healthz as a main process, when told to.
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
	};
	return {
		...Object.fromEntries(inherited),
		...QUIET,
		...AS_IN_PRODUCTION,
		// It has no such module, and ends at its start where one is named that it does not know.
		...(version === '1.123' && { N8N_DISABLED_MODULES: undefined }),
		...address,
		...overrides,
	};
}
