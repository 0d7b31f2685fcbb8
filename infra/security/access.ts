import { randomBytes } from 'node:crypto';
import type { Access, Operation } from '../../microservices/chassis/contract/index.ts';
import { idsIn } from '../../microservices/chassis/contract/identifiers.ts';
import type { Sent } from '../test/operations/send.ts';
import type { Fields } from '../test/operations/workshop.ts';

/** Who may send a request. "another customer" acts on the things of "the customer". */
export type CallerKind =
  | 'anonymous'
  | 'the customer'
  | 'another customer'
  | 'a guest'
  | 'a key with the scope'
  | 'a key without it'
  | 'a service';

/** What has to happen by a contract's `access` alone: let in, or refused with this status. */
export const expectedOf = (access: Access, caller: CallerKind): 'in' | 401 | 403 => {
  switch (caller) {
    case 'anonymous':
      return access.public ? 'in' : 401;
    case 'the customer':
    case 'another customer':
    case 'a guest':
      return access.customer || access.public ? 'in' : 403;
    case 'a key with the scope':
    case 'a service':
      return 'in';
    case 'a key without it':
      return access.anyKey || access.public ? 'in' : 403;
  }
};

/** What happened by who the caller is, before the handler looked at what is asked. */
export const outcomeOf = ({ status, body }: Sent): 'in' | number => {
  const { code } = (body ?? {}) as { code?: string };
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? status : 'in';
};

const ID = /\b([a-z]{3})_[0-9a-f]{32}\b/g;

export const namesThings = (input: Fields): boolean => JSON.stringify(input).search(ID) >= 0;

/** The same input about things that never existed. */
export const aboutNothing = (input: Fields): Fields =>
  JSON.parse(
    JSON.stringify(input).replace(ID, (_id, prefix: string) => `${prefix}_${randomBytes(16).toString('hex')}`),
  ) as Fields;

export const withoutIds = (text: string): string => text.replace(ID, '$1_…');

/** The field that names the customer, where an input has one, even if it is optional. */
export const namedIn = ({ input }: Operation, customerId: string): Fields =>
  idsIn(input, 'input').some(({ pointer }) => pointer === '/customerId') ? { customerId } : {};
