import fc from 'fast-check';
import { newId } from '../../../../../microservices/chassis/ids.ts';
import { until } from '../../../../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../../../../microservices/customers/contract.ts';
import type { TestPlatform } from '../../../../test/platform.ts';
import { startWithCustomers } from '../../../../test/with-customers.ts';
import { giftingContract } from './contract.ts';
import { gifting } from './index.ts';

let platform: TestPlatform;
const api = () => platform.client(giftingContract);
const staff = () => platform.client(customersContract);

beforeAll(async () => {
  platform = await startWithCustomers(gifting, { environment: { GIFTING_EXPIRY_INTERVAL_MS: '50' } });
});
afterAll(() => platform.stop());

const draft = (customerId = newId('cus')) => api().createGiftNote({ customerId, message: 'Happy birthday!' });

const letTimeRunOut = (ids: readonly string[]) =>
  platform.database('gifting').run('UPDATE gift_note SET expires_at = now() WHERE id = ANY ($1::text[])', [ids]);

const eventsAbout = (id: string) =>
  platform
    .events('gifting')
    .filter(({ subject }) => subject === id)
    .map(({ type }) => type);

describe('a gift note', () => {
  test('is a draft for fourteen days', async () => {
    const created = await draft();
    expect(created).toMatchObject({ state: 'draft', message: 'Happy birthday!' });
    expect(Date.parse(created.expiresAt) - Date.parse(created.createdAt)).toBe(14 * 86_400_000);
    expect(await api().getGiftNote({ giftNoteId: created.id })).toEqual(created);
  });

  test('is sent once, however many send it at once', async () => {
    const { id: giftNoteId, customerId } = await draft();
    const sent = await Promise.all(Array.from({ length: 20 }, () => api().sendGiftNote({ giftNoteId })));
    expect(sent.filter(({ state }) => state === 'sent')).toHaveLength(20);
    const event = await platform.waitForEvent('gift_note.sent', ({ subject }) => subject === giftNoteId);
    expect(event.data).toEqual({ giftNoteId, customerId });
    expect(eventsAbout(giftNoteId)).toEqual(['gift_note.sent']);
  });

  test('expires when nobody sends it in time, and is then not sent any more', async () => {
    const { id: giftNoteId } = await draft();
    await letTimeRunOut([giftNoteId]);
    await platform.waitForEvent('gift_note.expired', ({ subject }) => subject === giftNoteId);
    await expect(api().sendGiftNote({ giftNoteId })).rejects.toMatchObject({
      status: 409,
      code: 'ILLEGAL_STATE',
      data: { state: 'expired', allowed: [] },
    });
  });

  test('has one end when it is sent as its time runs out', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, async () => (await draft()).id));
    const sending = Promise.allSettled(ids.map((giftNoteId) => api().sendGiftNote({ giftNoteId })));
    await letTimeRunOut(ids);
    const sent = (await sending).filter(({ status }) => status === 'fulfilled').length;
    await until('each has one event', () => ids.every((id) => eventsAbout(id).length === 1));
    expect(ids.filter((id) => eventsAbout(id)[0] === 'gift_note.sent')).toHaveLength(sent);
  });

  test('that is not there is not found', async () => {
    await expect(api().getGiftNote({ giftNoteId: newId('gno') })).rejects.toMatchObject({
      status: 404,
      code: 'GIFT_NOTE_NOT_FOUND',
    });
  });
});

test('pages of any size hold each gift note once, newest first', async () => {
  const customerId = newId('cus');
  const ids: string[] = [];
  for (let count = 0; count < 7; count += 1) ids.unshift((await draft(customerId)).id);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), async (limit) => {
      const listed: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await api().listGiftNotes({ customerId, limit, ...(cursor ? { cursor } : {}) });
        listed.push(...page.items.map(({ id }) => id));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(listed).toEqual(ids);
    }),
    { numRuns: 8 },
  );
});

describe('a customer', () => {
  const newCustomer = async () => (await staff().createCustomer({ email: `${newId('x')}@example.com` })).id;
  const countOf = async (customerId: string) => (await api().listGiftNotes({ customerId })).items.length;

  test('who is merged into another hands over the gift notes', async () => {
    const [customerId, fromCustomerId] = [await newCustomer(), await newCustomer()];
    await draft(fromCustomerId);
    await staff().mergeCustomers({ customerId, fromCustomerId });
    await until('it has moved', async () => (await countOf(customerId)) === 1);
    expect(await countOf(fromCustomerId)).toBe(0);
  });

  test('who is erased leaves no gift note', async () => {
    const customerId = await newCustomer();
    await draft(customerId);
    await staff().eraseCustomer({ customerId });
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
    expect(await countOf(customerId)).toBe(0);
  });
});
