import type { Access } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { unauthenticated, type Authenticate } from './authenticate.ts';
import { anonymous, hasScope, type Caller } from './caller.ts';

/**
 * Lets a caller in or throws: 401 when signing in would help, 403 when it would not. Returns who the handler is to deal
 * with: on a public operation a key without its scope counts as anonymous, so that a narrow key never sees more than
 * somebody without one.
 */
export const authorize = (access: Access, caller: Caller): Caller => {
  switch (caller.kind) {
    case 'anonymous':
      if (access.public) return caller;
      throw unauthenticated(
        `This operation needs ${access.customer ? 'a customer’s access token or ' : ''}an API key with the scope ${access.scope}.`,
      );
    case 'customer':
      if (access.public || access.customer) return caller;
      throw forbidden(`Customers cannot do this; it needs an API key with the scope ${access.scope}.`, access.scope);
    case 'key':
      if (access.anyKey || hasScope(caller.scopes, access.scope)) return caller;
      if (access.public) return anonymous;
      throw forbidden(`This API key lacks the scope ${access.scope}.`, access.scope);
  }
};

/**
 * Who a request to an operation comes from, by its Authorization header, let in; throws 401 or 403. The one door of
 * every operation.
 */
export const admit = async (
  authenticate: Authenticate,
  access: Access,
  authorization: string | undefined,
): Promise<Caller> => authorize(access, await authenticate(authorization, access));

const forbidden = (detail: string, scope: string): Problem =>
  new Problem({ code: 'FORBIDDEN', status: 403, title: 'Not allowed', detail, data: { scope } });

/**
 * True when the caller may act on what belongs to `customerId`: their own token, or a key (whose scope was checked
 * already). Handlers of operations with `customer: true` ask this and answer 404 otherwise, so that ids cannot be
 * probed.
 */
export const mayActFor = (caller: Caller, customerId: string | null | undefined): boolean =>
  caller.kind === 'key' || (caller.kind === 'customer' && customerId === caller.customerId);
