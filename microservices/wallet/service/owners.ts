import type { Client } from '../../chassis/client.ts';
import { id } from '../../chassis/contract/index.ts';
import { startOverWith } from '../../chassis/http/command.ts';
import { orMissing } from '../../chassis/problem.ts';
import { customersContract } from '../../customers/contract.ts';
import type { Context } from '../context.ts';
import { isCustomer, type OwnerRefusal } from '../policy/owners.ts';
import { lockOwners, noteOwners } from '../store/owners.ts';
import type { Admit } from './ledger.ts';

/** What customers said of owners, by id: why they can have no account, or undefined. */
export type LookedUp = ReadonlyMap<string, OwnerRefusal | undefined>;

/**
 * Admits owners to their first account. A customer that the wallet does not know yet is looked up at customers: the
 * command starts over, since that is not done within a transaction. `lookedUp` is what the last look-up found. Existing
 * accounts never come here.
 */
export const admitting =
  (context: Context, lookedUp: LookedUp = new Map()): Admit =>
  async (tx, ownerIds, at) => {
    const customers = [...new Set(ownerIds.filter(isCustomer))];
    if (customers.length === 0) return undefined;
    const known = await lockOwners(tx, customers);
    const strangers = customers.filter((ownerId) => !known.some((owner) => owner.ownerId === ownerId));
    const unasked = strangers.filter((ownerId) => !lookedUp.has(ownerId));
    if (unasked.length > 0) throw startOverWith(() => lookUp(context.client(customersContract), strangers));
    const refused = strangers.map((ownerId) => lookedUp.get(ownerId)).find((refusal) => refusal !== undefined);
    if (refused) return refused;
    const noted = strangers.length > 0 ? await noteOwners(tx, strangers, at) : [];
    const over = [...known, ...noted].find(({ ended }) => ended !== null);
    return over?.ended ? { ...over, code: 'OWNER_ENDED', state: over.ended } : undefined;
  };

const AT_ONCE = 10;

const lookUp = async (customers: Client<typeof customersContract>, ownerIds: readonly string[]): Promise<LookedUp> => {
  const found = new Map<string, OwnerRefusal | undefined>();
  for (let start = 0; start < ownerIds.length; start += AT_ONCE) {
    const some = ownerIds.slice(start, start + AT_ONCE);
    await Promise.all(some.map(async (ownerId) => found.set(ownerId, await refusalOf(customers, ownerId))));
  }
  return found;
};

const refusalOf = async (
  customers: Client<typeof customersContract>,
  ownerId: string,
): Promise<OwnerRefusal | undefined> => {
  const customer =
    id('cus').safeParse(ownerId).success && (await orMissing(customers.getCustomer({ customerId: ownerId })));
  if (!customer) return { code: 'OWNER_NOT_FOUND', ownerId };
  const { state, mergedInto } = customer;
  // A disabled customer cannot sign in, but still owns money.
  if (state !== 'merged' && state !== 'erased') return undefined;
  return { code: 'OWNER_ENDED', ownerId, state, survivorId: state === 'merged' ? mergedInto : null };
};
