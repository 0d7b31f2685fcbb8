import { isLoopbackHost } from '../../microservices/chassis/http/this-machine.ts';
import type { Options } from '../platform/options.ts';

/**
 * The value of PUSH_ALLOW_PRIVATE. On a laptop n8n listens on this machine's own addresses. Where other machines reach
 * the API, or engines of one's own are near, nothing inside may be posted to unless the environment says so: a
 * subscription would be a port scanner.
 */
export const pushAllowed = (
  { host, databaseUrl, kafka }: Pick<Options, 'host' | 'databaseUrl' | 'kafka'>,
  environment: Record<string, string | undefined>,
): string =>
  environment['PUSH_ALLOW_PRIVATE'] ?? (isLoopbackHost(host) && !databaseUrl && !kafka ? 'loopback' : 'none');
