import { eraser } from '../../microservices/chassis/erasure.ts';
import { newId } from '../../microservices/chassis/ids.ts';
import { defineService } from '../../microservices/chassis/service.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { giftingContract } from '../new-domain/example/microservices/gifting/contract.ts';
import { gifting } from '../new-domain/example/microservices/gifting/index.ts';
import { handlers } from '../new-domain/example/microservices/gifting/service.ts';
import { settings } from '../new-domain/example/microservices/gifting/settings.ts';
import { eraseGiftNotes } from '../new-domain/example/microservices/gifting/store.ts';
import type { TestPlatform } from './platform.ts';
import { startWithCustomers } from './with-customers.ts';

/** The example domain, as it would be if drafts had to be sent first. */
const patient = defineService({
  contract: giftingContract,
  settings,
  migrations: gifting.migrations,
  build: (app) => ({
    handlers: handlers(app),
    erasure: eraser({
      app,
      customers: customersContract,
      erase: eraseGiftNotes,
      waits: async (tx, customerIds) => {
        const DRAFTS = `SELECT count(*)::int AS drafts FROM gift_note WHERE customer_id = ANY ($1::text[]) AND state = 'draft'`;
        const { drafts } = await tx.one<{ drafts: number }>(DRAFTS, [[...customerIds]]);
        return drafts > 0 ? `${drafts} gift notes are not sent. Send or cancel them.` : undefined;
      },
    }),
  }),
});

let platform: TestPlatform;
const notes = () => platform.client(giftingContract);
const staff = () => platform.client(customersContract);

beforeAll(async () => {
  platform = await startWithCustomers(patient);
});
afterAll(() => platform.stop());

const personWithDrafts = async (drafts: number) => {
  const { id: customerId } = await staff().createCustomer({ email: `${newId('cus')}@example.com` });
  const draft = () => notes().createGiftNote({ customerId, message: 'For Ada’s birthday' });
  const ids = (await Promise.all(Array.from({ length: drafts }, draft))).map(({ id }) => id);
  return { customerId, ids };
};
const keptNotes = async (customerId: string) => (await notes().listGiftNotes({ customerId })).items.length;
const send = (giftNoteId: string) => notes().sendGiftNote({ giftNoteId });
const postponed = (customerId: string) =>
  platform
    .events('customers')
    .filter(({ type, subject }) => type === 'customer.erasure_postponed' && subject === customerId)
    .map(({ data }) => data);
const giftingPart = async (customerId: string) =>
  (await staff().getErasure({ customerId })).services.find(({ service }) => service === 'gifting');

test('an erasure waits while a service says why, and goes on by itself', async () => {
  const { customerId, ids } = await personWithDrafts(2);
  await staff().eraseCustomer({ customerId });
  const reason = (count: number) => `${count} gift notes are not sent. Send or cancel them.`;
  await platform.waitForEvent('customer.erasure_postponed', ({ subject }) => subject === customerId);
  expect(await giftingPart(customerId)).toEqual({ service: 'gifting', acknowledgedAt: null, waitsBecause: reason(2) });
  expect(await keptNotes(customerId)).toBe(2);

  await send(ids[0] ?? '');
  await until('the new reason is reported', async () => (await giftingPart(customerId))?.waitsBecause === reason(1));
  await send(ids[1] ?? '');
  await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
  expect(await giftingPart(customerId)).toMatchObject({ waitsBecause: null });
  expect(await keptNotes(customerId)).toBe(0);

  // Who has acknowledged, or was not asked, postpones nothing.
  const postpone = (service: string) => staff().postponeErasure({ customerId, service, reason: 'An order is open.' });
  expect(await postpone('gifting')).toMatchObject({ state: 'completed' });
  const unheard = await postpone('unheard-of');
  expect(unheard.services.map(({ waitsBecause }) => waitsBecause)).toEqual([null, null]);
  expect(postponed(customerId)).toEqual(Array.from({ length: 2 }, () => ({ customerId, service: 'gifting' })));
});

test('a person who acknowledges in place of a service that waits deletes nothing too early', async () => {
  const { customerId, ids } = await personWithDrafts(1);
  await staff().eraseCustomer({ customerId });
  await platform.waitForEvent('customer.erasure_postponed', ({ subject }) => subject === customerId);
  await staff().acknowledgeErasure({ customerId, service: 'gifting' });
  const erased = await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
  const HANDLED = 'SELECT 1 FROM inbox WHERE event_id = $1';
  await until('handled', async () => (await platform.database('gifting').rows(HANDLED, [erased.id])).length === 1);
  expect(await keptNotes(customerId)).toBe(1);
  await send(ids[0] ?? '');
  await until('the note is gone', async () => (await keptNotes(customerId)) === 0);
});
