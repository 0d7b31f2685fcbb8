import type { Options } from '../platform/options.ts';

/** Settings of services that hand out addresses of their own: media files, pages of the test bank. */
const VARIABLES = ['CATALOG_PUBLIC_URL', 'PAYMENTS_PUBLIC_URL'];
const EVERYWHERE = new Set(['0.0.0.0', '::']);

/**
 * Where browsers reach the platform, for the services that do not know it: the address it listens on, unless the
 * environment says another. Nothing with port 0, which is known only when the services run.
 */
export const publicAddresses = (
  { host, port }: Pick<Options, 'host' | 'port'>,
  environment: Record<string, string | undefined>,
): Record<string, string> => {
  if (port === 0) return {};
  const name = EVERYWHERE.has(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return Object.fromEntries(VARIABLES.map((variable) => [variable, environment[variable] ?? `http://${name}:${port}`]));
};
