const CODES: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'host not found',
  ETIMEDOUT: 'no answer in time',
  ECONNABORTED: 'connection aborted',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EAI_AGAIN: 'host name could not be looked up',
  EADDRINUSE: 'address in use',
  EADDRNOTAVAIL: 'address not available',
  EPIPE: 'connection broken',
};

/**
 * n8n replaces a whole message by one of its own where it finds the name of a network error in it: say those in words.
 */
export const withoutCodes = (text: string): string => text.replace(/\bE[A-Z_]{4,}\b/g, (code) => CODES[code] ?? code);
