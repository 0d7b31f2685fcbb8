import type { Contract } from '../../chassis/contract/index.ts';
import type { Entry } from '../contract/values.ts';
import type { SealedEntry } from '../policy.ts';

const OWN_TITLES: Record<string, string> = {
  'trail.erased': 'Addresses of a customer erased from the trail',
  'trail.dropped': 'Old entries dropped',
};

/** Finds the title of an operation, as people read it. */
export const titlesOf = (contracts: readonly Contract[]): ((operation: string) => string) => {
  const titles = new Map(
    contracts.flatMap(({ domain, operations }) =>
      Object.entries(operations).map(([name, { title }]): [string, string] => [`${domain}.${name}`, title]),
    ),
  );
  return (operation) => titles.get(operation) ?? OWN_TITLES[operation] ?? operation;
};

/** An entry as it is shown. */
export const toShown =
  (titleOf: (operation: string) => string) =>
  (entry: SealedEntry): Entry => {
    const { id, position, at, operation, caller, name, resource, refusal, address, userAgent } = entry;
    const { correlationId, recordedBy, recordedAt, hash, workflowId, executionId, node } = entry;
    return {
      ...{ id, position, at, operation, resource, refusal, address, userAgent },
      ...{ correlationId, recordedBy, recordedAt, hash },
      who: { kind: kindOf(entry), caller, name },
      title: titleOf(operation),
      outcome: refusal === null ? 'done' : 'refused',
      journey: workflowId === null || executionId === null ? null : { workflowId, executionId, node },
    };
  };

const kindOf = ({ caller, guest }: SealedEntry): Entry['who']['kind'] => {
  if (guest) return 'guest';
  if (caller === 'key:service' || caller.startsWith('service:')) return 'service';
  const [kind] = caller.split(':');
  return kind === 'key' || kind === 'customer' ? kind : 'anonymous';
};
