import { createHash } from 'node:crypto';

// The chain: each entry's hash covers the hash before it and the entry itself. Whoever changes, deletes, inserts or
// moves an entry has to change all later hashes.

/** A place in the trail and the hash of the entry there. */
export interface Place {
  position: number;
  hash: string;
}

/** Before the first entry. */
export const ORIGIN: Place = { position: 0, hash: '0'.repeat(64) };

/** What an erasure deletes. */
interface Personal {
  address: string | null;
  userAgent: string | null;
}

/** What the hash covers. */
export interface SealedContent {
  position: number;
  id: string;
  at: string;
  recordedAt: string;
  recordedBy: string;
  operation: string;
  caller: string;
  name: string | null;
  guest: boolean;
  resource: string | null;
  workflowId: string | null;
  executionId: string | null;
  node: string | null;
  refusal: string | null;
  correlationId: string;
  /** Digest of address and User-Agent; it stays when they are erased. Null where the entry never had any. */
  personalDigest: string | null;
}

/** One entry with all that proves it. */
export interface SealedEntry extends SealedContent, Personal {
  /** Deleted with the personal data, so that the digest cannot be guessed back. */
  salt: string | null;
  hash: string;
}

/** An entry before it has a place in the chain. */
export type Unsealed = Omit<SealedContent, 'position' | 'personalDigest'> & Personal;

const FIELDS = [
  'at',
  'caller',
  'correlationId',
  'executionId',
  'guest',
  'id',
  'name',
  'node',
  'operation',
  'personalDigest',
  'position',
  'recordedAt',
  'recordedBy',
  'refusal',
  'resource',
  'workflowId',
] as const satisfies (keyof SealedContent)[];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Canonical JSON (RFC 8785) of an entry: its fields in the order of their names, no white space. */
const canonical = (entry: SealedContent): string =>
  JSON.stringify(Object.fromEntries(FIELDS.map((field) => [field, entry[field]])));

const hashAfter = (before: string, entry: SealedContent): string => sha256(`${before}\n${canonical(entry)}`);

const digestOf = (salt: string, { address, userAgent }: Personal): string =>
  sha256(`${salt}\n${JSON.stringify({ address, userAgent })}`);

/** The entry in its place behind `before`. Every entry needs a salt of its own. */
export const seal = (before: Place, entry: Unsealed, salt: string): SealedEntry => {
  const isPersonal = entry.address !== null || entry.userAgent !== null;
  const content = {
    ...entry,
    position: before.position + 1,
    personalDigest: isPersonal ? digestOf(salt, entry) : null,
    salt: isPersonal ? salt : null,
  };
  return { ...content, hash: hashAfter(before.hash, content) };
};

/** Entries of the trail about itself. Services cannot record these operations. */
export const OWN = { erased: 'trail.erased', dropped: 'trail.dropped' } as const;

/** How the entry about dropped entries names the new beginning. */
export const dropName = ({ position, hash }: Place): string => `${position}:${hash}`;

/**
 * The customer whose address an entry holds: who acted, or who signed up and was nobody before. Undefined for staff and
 * services.
 */
export const personIn = ({ caller, resource }: Pick<SealedContent, 'caller' | 'resource'>): string | undefined => {
  if (caller.startsWith('customer:')) return caller.slice('customer:'.length);
  return caller.startsWith('anonymous:') && resource?.startsWith('cus_') ? resource : undefined;
};

export type BreakReason =
  | 'missing'
  | 'changed'
  | 'personal_data_changed'
  | 'personal_data_removed'
  | 'anchor_differs'
  | 'beginning_differs'
  | 'end_differs';

/** The first wrong entry. */
export interface Break {
  position: number;
  /** Null when there is no entry at this position. */
  id: string | null;
  reason: BreakReason;
}

export interface Checker {
  /** Checks the next entry, in the order of positions. */
  check(entry: SealedEntry): Break | undefined;
  /** Checks what only the end shows; `head` is where the trail should end. */
  end(head: Place): Break | undefined;
}

/** Walks a trail that begins behind `start`. `anchors` are heads that were published: position → hash. */
export const createChecker = (start: Place, anchors: ReadonlyMap<number, string> = new Map()): Checker => {
  let last = start;
  /** By person, the first entry whose personal data is gone and that no erasure explains yet. */
  const emptied = new Map<string, Break>();
  let isStartProven = start.position === 0 && start.hash === ORIGIN.hash;

  const noteOwn = ({ operation, resource }: SealedEntry): void => {
    if (operation === OWN.erased) emptied.delete(resource ?? '');
    if (operation === OWN.dropped && resource === dropName(start)) isStartProven = true;
  };

  return {
    check: (entry) => {
      const at = { position: entry.position, id: entry.id };
      if (entry.position !== last.position + 1) return { position: last.position + 1, id: null, reason: 'missing' };
      if (entry.hash !== hashAfter(last.hash, entry)) return { ...at, reason: 'changed' };
      const personal = personalState(entry);
      if (personal === 'changed') return { ...at, reason: 'personal_data_changed' };
      const person = personIn(entry) ?? entry.caller;
      if (personal === 'removed' && !emptied.has(person))
        emptied.set(person, { ...at, reason: 'personal_data_removed' });
      const anchored = anchors.get(entry.position);
      if (anchored !== undefined && anchored !== entry.hash) return { ...at, reason: 'anchor_differs' };
      noteOwn(entry);
      last = { position: entry.position, hash: entry.hash };
      return undefined;
    },
    end: (head) => {
      if (!isStartProven) return { position: start.position + 1, id: null, reason: 'beginning_differs' };
      const [unexplained] = [...emptied.values()].toSorted((left, right) => left.position - right.position);
      if (unexplained) return unexplained;
      const beyond = [...anchors.keys()].some((position) => position > last.position);
      if (last.position < head.position || beyond) return { position: last.position + 1, id: null, reason: 'missing' };
      return last.position === head.position && last.hash === head.hash
        ? undefined
        : { position: Math.min(last.position, head.position + 1), id: null, reason: 'end_differs' };
    },
  };
};

const personalState = (entry: SealedEntry): 'whole' | 'removed' | 'changed' => {
  const { personalDigest, salt, address, userAgent } = entry;
  const isEmpty = salt === null && address === null && userAgent === null;
  if (personalDigest === null) return isEmpty ? 'whole' : 'changed';
  if (isEmpty) return 'removed';
  return salt !== null && digestOf(salt, entry) === personalDigest ? 'whole' : 'changed';
};
