import fc from 'fast-check';
import { createChecker, OWN, ORIGIN, seal, type Break, type Place, type SealedEntry, type Unsealed } from './policy.ts';

const short = fc.string({ maxLength: 12 });
const maybe = fc.option(short);

const unsealed: fc.Arbitrary<Unsealed> = fc.record({
  ...{ id: fc.uuid(), at: short, recordedAt: short, recordedBy: short, operation: short },
  ...{ caller: short.map((id) => `customer:${id}`), name: maybe, guest: fc.boolean(), resource: maybe },
  ...{ workflowId: maybe, executionId: maybe, node: maybe, refusal: maybe, correlationId: short },
  ...{ address: maybe, userAgent: maybe },
});

const chainOf = (entries: readonly Unsealed[], start: Place = ORIGIN): SealedEntry[] => {
  let last = start;
  return entries.map((entry) => {
    const sealed = seal(last, entry, `salt ${last.position}`);
    last = sealed;
    return sealed;
  });
};

const walk = (
  chain: readonly SealedEntry[],
  head: Place | undefined = chain.at(-1),
  anchors?: ReadonlyMap<number, string>,
  start = ORIGIN,
): Break | undefined => {
  const checker = createChecker(start, anchors);
  for (const entry of chain) {
    const broken = checker.check(entry);
    if (broken) return broken;
  }
  return checker.end(head ?? start);
};

const chains = fc.array(unsealed, { minLength: 2, maxLength: 12 }).map((entries) => chainOf(entries));
const inChain = chains.chain((chain) => fc.tuple(fc.constant(chain), fc.nat(chain.length - 1)));
const head = (chain: readonly SealedEntry[]): Place => chain.at(-1) ?? ORIGIN;

/** Field by field, another value of the same kind. */
const CHANGES = {
  ...{ id: 'x', at: 'x', recordedAt: 'x', recordedBy: 'x', operation: 'x', caller: 'x', name: 'x', resource: 'x' },
  ...{ workflowId: 'x', executionId: 'x', node: 'x', refusal: 'x', correlationId: 'x', personalDigest: 'x', hash: 'x' },
} as const satisfies Partial<SealedEntry>;

describe('a chain of entries', () => {
  test('is whole as it was sealed', () => {
    fc.assert(fc.property(chains, (chain) => expect(walk(chain)).toBeUndefined()));
  });

  test('names the entry of which any field was changed', () => {
    const field = fc.constantFrom(...Object.entries(CHANGES));
    fc.assert(
      fc.property(inChain, field, ([chain, index], [name, value]) => {
        fc.pre(chain[index]?.[name as keyof typeof CHANGES] !== value);
        const changed = chain.map((entry, at) => (at === index ? { ...entry, [name]: value } : entry));
        expect(walk(changed, head(chain))).toMatchObject({ position: index + 1, reason: 'changed' });
      }),
    );
  });

  test('names the place of an entry that is missing, also the last one', () => {
    fc.assert(
      fc.property(inChain, ([chain, index]) => {
        const broken = { position: index + 1, id: null, reason: 'missing' };
        expect(walk(chain.toSpliced(index, 1), head(chain))).toEqual(broken);
      }),
    );
  });

  test('names the first of two entries that changed places', () => {
    fc.assert(
      fc.property(inChain, fc.nat(), ([chain, index], step) => {
        const other = (index + 1 + (step % (chain.length - 1))) % chain.length;
        const [left, right] = [chain[index], chain[other]];
        const swapped = chain.map((entry, at) => {
          const moved = at === index ? right : at === other ? left : entry;
          return { ...(moved ?? entry), position: at + 1 };
        });
        expect(walk(swapped, head(chain))).toMatchObject({ position: Math.min(index, other) + 1, reason: 'changed' });
      }),
    );
  });

  test('names an entry that was put in between, or behind the end', () => {
    fc.assert(
      fc.property(inChain, unsealed, ([chain, index], entry) => {
        const before = chain[index - 1] ?? ORIGIN;
        const forged = seal(before, entry, 'forged');
        const behind = chain.slice(index).map((one) => ({ ...one, position: one.position + 1 }));
        const inserted = [...chain.slice(0, index), forged, ...behind];
        expect(walk(inserted, { ...head(chain), position: chain.length + 1 })?.position).toBe(index + 2);
        const added = [...chain, seal(head(chain), entry, 'forged')];
        expect(walk(added, head(chain))).toEqual({ position: chain.length + 1, id: null, reason: 'end_differs' });
      }),
    );
  });

  test('that was computed anew from a changed entry on differs from an anchor', () => {
    fc.assert(
      fc.property(inChain, ([chain, index]) => {
        const anchors = new Map([[chain.length, head(chain).hash]]);
        const forged = chainOf(chain.map((entry, at) => (at === index ? { ...entry, operation: 'forged' } : entry)));
        fc.pre(chain[index]?.operation !== 'forged');
        expect(walk(forged)).toBeUndefined();
        expect(walk(forged, head(forged), anchors)).toMatchObject({ position: chain.length, reason: 'anchor_differs' });
        expect(walk(chain.slice(0, -1), chain.at(-2), anchors)).toMatchObject({ reason: 'missing' });
      }),
    );
  });
});

describe('the address of a customer', () => {
  const base = { id: 'a', at: 't', recordedAt: 't', recordedBy: 'key:service', operation: 'orders.placeOrder' };
  const none = { name: null, guest: false, workflowId: null, executionId: null, node: null, refusal: null };
  const of = (caller: string, resource: string | null, address: string | null): Unsealed => ({
    ...{ ...base, ...none, caller, resource, address, userAgent: null, correlationId: 'c' },
  });
  const emptied = (entry: SealedEntry): SealedEntry => ({ ...entry, address: null, userAgent: null, salt: null });
  const erasure = { ...of('service:audit', 'cus_1', null), operation: OWN.erased };

  test.each([of('customer:cus_1', 'ord_1', '192.0.2.1'), of('anonymous:anonymous', 'cus_1', '192.0.2.1')])(
    'may be gone when an erasure says so, and not otherwise (%#)',
    (entry) => {
      const chain = chainOf([entry, of('key:staff', 'ord_1', '192.0.2.2')]);
      const [first, second] = chain as [SealedEntry, SealedEntry];
      const removed = { position: 1, id: 'a', reason: 'personal_data_removed' };
      expect(walk([emptied(first), second])).toEqual(removed);
      const third = seal(second, erasure, 's');
      expect(walk([emptied(first), second, third])).toBeUndefined();
      expect(walk([first, emptied(second), third])).toEqual({ ...removed, position: 2 });
    },
  );

  test('is sealed while it is there', () => {
    const [entry] = chainOf([of('customer:cus_1', null, '192.0.2.1')]) as [SealedEntry];
    const changed = { position: 1, id: 'a', reason: 'personal_data_changed' };
    expect(walk([{ ...entry, address: '192.0.2.9' }])).toEqual(changed);
    expect(walk([{ ...entry, salt: 'other' }])).toEqual(changed);
    const [bare] = chainOf([of('customer:cus_1', null, null)]) as [SealedEntry];
    expect(walk([{ ...bare, address: '192.0.2.9' }])).toEqual(changed);
  });
});

test('a trail may begin later only when it says where itself', () => {
  fc.assert(
    fc.property(inChain, ([chain, index]) => {
      const start = chain[index] as SealedEntry;
      const drop = seal(
        head(chain),
        { ...start, operation: OWN.dropped, resource: `${start.position}:${start.hash}` },
        's',
      );
      const rest = chain.slice(index + 1);
      expect(walk([...rest, drop], drop, undefined, start)).toBeUndefined();
      expect(walk(rest, head(chain), undefined, start)).toMatchObject({ reason: 'beginning_differs' });
    }),
  );
});
