import type { CqlOptions } from './cluster.ts';

/** Reads `user:password@host:port,host:port`; user and password are percent-encoded where they hold @, : or a comma. */
export type CqlAddress = Required<Pick<CqlOptions, 'contactPoints'>> & Pick<CqlOptions, 'credentials'>;

const POINT = /^(\[[0-9A-Fa-f:]+\]|[^:@[\]\s/]+)(:\d{1,5})?$/;
const SIGN_IN = /^([^:@]+):([^:@]+)@(.+)$/;

/** Reads contact points with or without a sign-in before them; undefined when it is none. */
export const readCqlAddress = (text: string): CqlAddress | undefined => {
  const [, username, password, rest] = SIGN_IN.exec(text) ?? [undefined, undefined, undefined, text];
  const contactPoints = (rest ?? '')
    .split(',')
    .map((point) => point.trim())
    .filter((point) => point !== '');
  if (contactPoints.length === 0 || !contactPoints.every((point) => POINT.test(point))) return undefined;
  try {
    return username === undefined || password === undefined
      ? { contactPoints }
      : {
          contactPoints,
          credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
        };
  } catch {
    return undefined;
  }
};
