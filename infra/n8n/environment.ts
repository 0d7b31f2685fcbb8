import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface N8nSettings {
  host: string;
  port: number;
  /** Where n8n talks to its own task runner, inside this machine. */
  runnerPort: number;
  /** Everything that n8n keeps on disk. */
  userFolder: string;
  /** A database of its own. */
  databaseUrl: string;
  encryptionKey: string;
  owner: { email: string; passwordHash: string };
  /** Serves our templates inside the editor. */
  templatesUrl: string;
  /** Of workflows that name none, as the IANA database calls it; UTC unless given. */
  timeZone?: string;
  /** Changes to the variables below, for benches. */
  environment?: Record<string, string>;
}

/**
 * n8n as the platform runs it: headless from the first start, on PostgreSQL, sending nothing to other servers. Each
 * setting that is a decision says why.
 */
export const n8nEnvironment = (settings: N8nSettings): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  ...(process.env['HOME'] ? { HOME: process.env['HOME'] } : {}),
  NODE_ENV: 'production',
  GENERIC_TIMEZONE: settings.timeZone ?? 'UTC',
  ...address(settings),
  ...database(settings.databaseUrl),
  ...owner(settings),
  ...EXECUTIONS,
  ...SILENCE,
  N8N_TEMPLATES_HOST: settings.templatesUrl,
  ...settings.environment,
});

const address = ({ host, port, runnerPort, userFolder, encryptionKey }: N8nSettings): Record<string, string> => ({
  N8N_USER_FOLDER: userFolder,
  N8N_ENCRYPTION_KEY: encryptionKey,
  N8N_HOST: host,
  N8N_LISTEN_ADDRESS: host,
  N8N_PORT: String(port),
  N8N_RUNNERS_BROKER_PORT: String(runnerPort),
  N8N_EDITOR_BASE_URL: `http://${host}:${port}`,
  WEBHOOK_URL: `http://${host}:${port}/`,
  // The editor is reached over plain HTTP on this machine.
  N8N_SECURE_COOKIE: 'false',
  N8N_METRICS: 'true',
  N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '6',
  N8N_LOG_LEVEL: 'warn',
  // Templates carry nodes of a package that n8n has not verified; n8n 3 asks for this word.
  N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
});

const database = (databaseUrl: string): Record<string, string> => {
  const url = new URL(databaseUrl);
  return {
    DB_TYPE: 'postgresdb',
    DB_POSTGRESDB_HOST: url.hostname,
    DB_POSTGRESDB_PORT: url.port || '5432',
    DB_POSTGRESDB_DATABASE: url.pathname.slice(1),
    DB_POSTGRESDB_USER: decodeURIComponent(url.username),
    DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
    DB_POSTGRESDB_POOL_SIZE: '8',
    ...databaseTls(url.searchParams),
  };
};

/**
 * n8n reads no URL, and would speak plainly to a database that ours ask for TLS. As with ours, whoever asks for TLS has
 * certificates checked, but with `no-verify`.
 */
const databaseTls = (parameters: URLSearchParams): Record<string, string> => {
  const files = { CA: 'sslrootcert', CERT: 'sslcert', KEY: 'sslkey' };
  const named = Object.entries(files).flatMap(([name, parameter]): [string, string][] => {
    const file = parameters.get(parameter);
    return file ? [[`DB_POSTGRESDB_SSL_${name}`, readFileSync(file, 'utf8')]] : [];
  });
  const mode = parameters.get('sslmode');
  const isOn = mode ? mode !== 'disable' : named.length > 0 || /^(true|1)$/.test(parameters.get('ssl') ?? '');
  if (!isOn) return {};
  return {
    DB_POSTGRESDB_SSL_ENABLED: 'true',
    DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: mode === 'no-verify' ? 'false' : 'true',
    ...Object.fromEntries(named),
  };
};

const owner = ({ owner: { email, passwordHash } }: N8nSettings): Record<string, string> => ({
  N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
  N8N_INSTANCE_OWNER_EMAIL: email,
  N8N_INSTANCE_OWNER_FIRST_NAME: 'Shop',
  N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
  N8N_INSTANCE_OWNER_PASSWORD_HASH: passwordHash,
});

const EXECUTIONS = {
  EXECUTIONS_MODE: 'regular',
  // Successful executions are kept for a week, for the editor: they cost nothing measurable (bench:n8n-settings).
  // Progress after each node is not saved: it costs n8n nearly half as much again and PostgreSQL three quarters more,
  // and a journey that a crash cut begins anew from its event.
  EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
  EXECUTIONS_DATA_SAVE_ON_PROGRESS: 'false',
  EXECUTIONS_DATA_PRUNE: 'true',
  EXECUTIONS_DATA_MAX_AGE: '168',
  EXECUTIONS_DATA_SAVE_ON_ERROR: 'all',
  // A journey must stay published whatever happens to single runs: what fails goes to the dead letters and is seen
  // there.
  N8N_WORKFLOW_AUTODEACTIVATION_ENABLED: 'false',
};

/** Nothing is sent anywhere, and nothing asks the person at the editor for anything. */
const SILENCE = {
  N8N_DIAGNOSTICS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
  N8N_DYNAMIC_BANNERS_ENABLED: 'false',
  N8N_HIRING_BANNER_ENABLED: 'false',
  N8N_PERSONALIZATION_ENABLED: 'false',
  N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
  N8N_AI_ENABLED: 'false',
  EXTERNAL_FRONTEND_HOOKS_URLS: '',
  N8N_PYTHON_ENABLED: 'false',
  // Modules that ask n8n's own servers, or that only a licence opens.
  N8N_DISABLED_MODULES:
    'mcp-registry,chat-hub,sso-oidc,sso-saml,ldap,log-streaming,source-control,external-secrets,quick-connect',
};
