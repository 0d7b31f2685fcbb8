import { randomBytes } from 'node:crypto';
import { actorOf, type Caller } from '../../chassis/auth/caller.ts';
import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import type { RecordedLine } from '../contract/values.ts';
import { personIn, seal, type Place, type SealedEntry, type Unsealed } from '../policy.ts';
import { addEntries, endedAmong, knownIds, lockTrail } from '../store/trail.ts';

/** Brings lines of services into the trail, each once, and returns how many were new. */
export const recordLines = async (
  tx: Tx,
  lines: readonly RecordedLine[],
  recorder: Caller,
  now: Date,
): Promise<number> => {
  if (lines.length === 0) return 0;
  const { head } = await lockTrail(tx);
  const named = new Map(lines.map((line) => [entryIdOf(line), line]));
  const known = await knownIds(tx, [...named.keys()]);
  const added = [...named].filter(([id]) => !known.has(id));
  const recorded = { recordedAt: now.toISOString(), recordedBy: actorOf(recorder) };
  const made = added.map(([id, line]) => ({ ...toEntry(id, line), ...recorded }));
  const ended = await endedAmong(tx, [...new Set(made.map(personIn).filter((id) => id !== undefined))]);
  const entries = made.map((entry) =>
    ended.has(personIn(entry) ?? '') ? { ...entry, address: null, userAgent: null } : entry,
  );
  await addEntries(tx, sealAll(head, entries));
  return entries.length;
};

/** The trail's entries about itself. */
export const appendOwn = async (
  tx: Tx,
  head: Place,
  own: readonly { operation: string; resource: string; correlationId: string }[],
  now: Date,
): Promise<void> => {
  const at = now.toISOString();
  const recorder = { caller: 'service:audit', recordedBy: 'service:audit', at, recordedAt: at };
  const entries = own.map((one) => ({ ...EMPTY, ...recorder, ...one, id: newId('aud') }));
  await addEntries(tx, sealAll(head, entries));
};

const EMPTY = {
  ...{ name: null, guest: false, workflowId: null, executionId: null, node: null },
  ...{ refusal: null, address: null, userAgent: null },
};

const sealAll = (head: Place, entries: readonly Unsealed[]): SealedEntry[] => {
  let last = head;
  return entries.map((entry) => {
    const sealed = seal(last, entry, randomBytes(16).toString('hex'));
    last = sealed;
    return sealed;
  });
};

const entryIdOf = ({ id }: RecordedLine): string => `aud_${id.replaceAll('-', '').toLowerCase()}`;

const toEntry = (id: string, line: RecordedLine): Omit<Unsealed, 'recordedAt' | 'recordedBy'> => {
  const { name, guest, resource, journey, userAgent, refusal } = line.details ?? {};
  return {
    id,
    // Milliseconds, as it is read back: the hash covers this text.
    at: new Date(line.at).toISOString(),
    ...{ operation: line.operation, caller: line.caller, correlationId: line.correlationId },
    ...{ name: name ?? null, guest: guest ?? false, resource: resource ?? null, refusal: refusal ?? null },
    workflowId: journey?.workflowId ?? null,
    executionId: journey?.executionId ?? null,
    node: journey?.node ?? null,
    address: line.address,
    userAgent: userAgent ?? null,
  };
};
