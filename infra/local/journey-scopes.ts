import type { Contract } from '../../microservices/chassis/contract/index.ts';

/** Scopes that the key of the journeys does not get, each with the reason. */
export const withheldScopes: Record<string, string> = {
  'api-keys:read': 'lists the keys of others',
  'api-keys:write': 'creates keys, which could then do more than the key of the journeys',
  'audit:record': 'belongs to services, which bring their lines into the audit trail with it',
  'customers:erase': 'deletes personal data for good: a person decides that, with a key of their own',
  'customers:introspect': 'belongs to services, which check keys with it',
  'orders:invoices': 'reads names and addresses of erased persons, which only bookkeeping may',
  'fraud:admin': 'changes the rules by which orders are rejected',
};

/** Scopes of journeys: every scope that an operation of these contracts asks for, except the withheld ones. */
export const journeyScopes = (contracts: readonly Contract[]): string[] => {
  const asked = contracts.flatMap(({ operations }) => Object.values(operations).map(({ access }) => access.scope));
  return [...new Set(asked)].filter((scope) => !(scope in withheldScopes)).toSorted();
};
