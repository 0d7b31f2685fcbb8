/** Who is asking. */
export type Caller =
  | { kind: 'key'; id: string; scopes: readonly string[]; /** As people named it. */ name?: string }
  | {
      kind: 'customer';
      id: string;
      customerId: string;
      sessionId: string;
      /**
       * True for tokens that anybody gets for the asking: a guest's, or of an account whose address nobody has
       * confirmed.
       */
      guest?: true;
    }
  | { kind: 'anonymous'; id: 'anonymous' };

/** The id of the key with which services call each other. */
export const SERVICE_KEY_ID = 'service';

export const anonymous: Caller = { kind: 'anonymous', id: 'anonymous' };

/** True when a key's scopes cover what is asked: `*` covers all, `orders:*` all of a domain. */
export const hasScope = (scopes: readonly string[], wanted: string): boolean =>
  scopes.some(
    (scope) => scope === '*' || scope === wanted || (scope.endsWith(':*') && wanted.startsWith(scope.slice(0, -1))),
  );

/** Who did it, as histories and events name them: `key:<id>` or `customer:<id>`. */
export const actorOf = ({ kind, id }: Caller): string => `${kind}:${id}`;
