import type { Queryable } from '../database/index.ts';
import { Problem } from '../problem.ts';
import {
  stillInFlight,
  type Answer,
  type IdempotentRequest,
  type Located,
  type Step,
  type StepScope,
} from './answer.ts';

// Idempotency of a step in a journey (header Idempotency-Scope). Its key says what the step acts on, not what it sends:
// a repeat may carry a time or a text that is new, or come beside other items, and still gets its first response. Why:
// nodes/README.md, "What makes a step the same".

const SCOPE_FORMAT = /^step(?: [\w-]{1,64}){1,600}$/;

/** Reads an Idempotency-Scope: `step`, the content, and the contents beside it. Throws 400 for anything else. */
export const readScope = (header: string | undefined): StepScope | undefined => {
  if (header === undefined) return undefined;
  if (!SCOPE_FORMAT.test(header)) {
    throw new Problem({
      code: 'INVALID_IDEMPOTENCY_KEY',
      status: 400,
      title: 'Unusable Idempotency-Scope',
      detail: 'An Idempotency-Scope is "step", the hash of what is sent, and the hashes of what is sent beside it.',
    });
  }
  const [, content = '', ...beside] = header.split(' ');
  return { content, beside };
};

/** How a step's first request is stored in the place of a fingerprint; contents of its repeats are added behind it. */
export const firstContent = ({ content }: StepScope): string => `step ${content}`;

interface Slot {
  key: string;
  fingerprint: string;
}

/**
 * Several items may act on the same thing: the first is kept under the key itself, the others under the key and a
 * number.
 */
const slotKeys = (key: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? key : `${key}.${index}`));

const contentsOf = ({ fingerprint }: Slot): string[] => {
  const [scope, ...contents] = fingerprint.split(' ');
  return scope === 'step' ? contents : [];
};

/**
 * The stored response to a step, else the key under which it is new. Not for use in a transaction that may be undone.
 */
export const locateStep = async (database: Queryable, request: IdempotentRequest, step: Step): Promise<Located> => {
  const found = await findStep(database, request.caller, step);
  if ('key' in found) return found;
  const { slot, same } = found;
  // Another repeat may be adding its content as well.
  if (!same && (await addContent(database, request.caller, slot, step.content)) === 0)
    return locateStep(database, request, step);
  return { answer: await answerOf(database, request.caller, slot) };
};

/**
 * Finds where the response to a step is stored, else the key under which it is new. The request with the same content
 * comes first; then one that no item of this attempt sends any more: it was the same step, and what it sent has changed
 * since.
 */
export const findStep = async (
  database: Queryable,
  caller: string,
  { key, content, beside }: Step,
): Promise<{ slot: Slot; same: boolean } | { key: string }> => {
  const slots = await slotsOf(database, caller, key);
  const now = new Set([content, ...beside]);
  const same =
    slots.find((slot) => contentsOf(slot)[0] === content) ?? slots.find((slot) => stillSent(slot, now) === content);
  if (same) return { slot: same, same: true };
  const changed = slots.find((slot) => contentsOf(slot).length > 0 && stillSent(slot, now) === undefined);
  return changed ? { slot: changed, same: false } : { key: freeKey(key, slots) };
};

/** The earliest of a slot's contents that an item of this attempt sends: that item's response it is, and no other's. */
const stillSent = (slot: Slot, now: ReadonlySet<string>): string | undefined =>
  contentsOf(slot).find((content) => now.has(content));

const freeKey = (key: string, slots: Slot[]): string => {
  const taken = new Set(slots.map((slot) => slot.key));
  return slotKeys(key, slots.length + 1).find((one) => !taken.has(one)) ?? key;
};

const FEW = 8;

/** Looked up by their whole keys, few at first: almost always there is one. */
const slotsOf = async (database: Queryable, caller: string, key: string): Promise<Slot[]> => {
  for (let count = FEW; ; count *= 4) {
    const keys = slotKeys(key, count);
    const slots = await database.rows<Slot>(
      `SELECT key, fingerprint FROM idempotency WHERE caller = $1 AND key = ANY($2) AND created_at > now() - interval '24 hours'`,
      [caller, keys],
    );
    if (slots.length < count) return slots.toSorted((left, right) => keys.indexOf(left.key) - keys.indexOf(right.key));
  }
};

const addContent = (database: Queryable, caller: string, slot: Slot, content: string): Promise<number> =>
  database.run(`UPDATE idempotency SET fingerprint = $4 WHERE caller = $1 AND key = $2 AND fingerprint = $3`, [
    caller,
    slot.key,
    slot.fingerprint,
    `${slot.fingerprint} ${content}`,
  ]);

const answerOf = async (database: Queryable, caller: string, { key }: Slot): Promise<Answer> => {
  const row = await database.maybeOne<{ answer: Answer | null }>(
    `SELECT answer FROM idempotency WHERE caller = $1 AND key = $2`,
    [caller, key],
  );
  if (!row?.answer) throw stillInFlight(key);
  return row.answer;
};
