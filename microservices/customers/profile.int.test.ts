import { until } from '../chassis/testing/until.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { notificationsContract } from '../notifications/contract.ts';
import { customersContract } from './contract.ts';
import { customers } from './index.ts';
import { freshEmail, openMailbox, problemOf, type Mailbox } from './testing.ts';

let platform: TestPlatform;
let mailbox: Mailbox;

const staff = () => platform.client(customersContract);
const nobody = () => platform.client(customersContract, { credential: '' });
const as = (session: { accessToken: string }) =>
  platform.client(customersContract, { credential: session.accessToken });

beforeAll(async () => {
  mailbox = await openMailbox(async (customerId) => (await staff().getCustomer({ customerId })).email);
  platform = await startTestPlatform({
    services: [customers],
    remote: [{ contract: notificationsContract, url: mailbox.url }],
  });
});
afterAll(async () => {
  await platform.stop();
  await mailbox.close();
});

const customer = (rest: Partial<Parameters<ReturnType<typeof staff>['createCustomer']>[0]> = {}) =>
  staff().createCustomer({ email: freshEmail(), name: 'Ada Lovelace', ...rest });
const home = { name: 'Ada Lovelace', line1: 'Ockham Park 1', city: 'London', postalCode: 'GU23 6NQ', country: 'GB' };

describe('customers that staff keep', () => {
  test('are created whole and read back', async () => {
    await staff().saveGroup({ code: 'wholesale', title: 'Wholesale' });
    const email = freshEmail();
    const made = await customer({
      email,
      emailVerified: true,
      group: 'wholesale',
      tags: ['vip', 'b2b', 'vip'],
      metadata: { crm: '17' },
      locale: 'en-GB',
      currency: 'GBP',
      country: 'GB',
    });
    expect(made).toMatchObject({
      email,
      emailVerified: true,
      group: 'wholesale',
      tags: ['b2b', 'vip'],
      metadata: { crm: '17' },
      locale: 'en-GB',
      currency: 'GBP',
    });
    expect(await staff().getCustomer({ customerId: made.id })).toEqual(made);
    expect((await problemOf(customer({ email, emailVerified: true }))).code).toBe('EMAIL_TAKEN');
    expect((await problemOf(customer({ group: 'nobody' }))).code).toBe('GROUP_NOT_FOUND');
  });

  test('two at once with the same verified address: one is made', async () => {
    const email = freshEmail();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => customer({ email, emailVerified: true })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await staff().listCustomers({ email })).items).toHaveLength(1);
  });

  test('the same Idempotency-Key makes one customer, however often it is sent', async () => {
    const input = { email: freshEmail(), name: 'Once' };
    const idempotencyKey = crypto.randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => staff().createCustomer(input, { idempotencyKey })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect((await staff().listCustomers({ email: input.email })).items).toHaveLength(1);
  });

  test('change field by field; an event names the fields and not what they hold', async () => {
    const { id: customerId } = await customer();
    const changed = await staff().updateCustomer({ customerId, name: null, locale: 'fr', metadata: { note: 'x' } });
    expect(changed).toMatchObject({ name: null, locale: 'fr', metadata: { note: 'x' } });
    const event = await platform.waitForEvent('customer.updated', ({ subject }) => subject === customerId);
    expect(event.data).toEqual({
      customerId,
      changed: ['name', 'locale', 'metadata'],
      country: null,
      locale: 'fr',
      group: null,
    });
    await staff().updateCustomer({ customerId, locale: 'fr' });
    await staff().setTags({ customerId, tags: ['new'] });
    await platform.waitForEvent(
      'customer.updated',
      ({ data }) => JSON.stringify(data).includes('"tags"') && JSON.stringify(data).includes(customerId),
    );
    expect(
      platform.events('customers').filter(({ subject, type }) => subject === customerId && type === 'customer.updated'),
    ).toHaveLength(2);
  });

  test('tags are added and removed one by one, exactly, also when many do it at once', async () => {
    const { id: customerId } = await customer();
    await staff().setTags({ customerId, tags: ['old'] });
    const many = Array.from({ length: 10 }, (_, index) => `tag-${index}`);
    await Promise.all(many.map((tag) => staff().addTags({ customerId, tags: [tag, 'vip'] })));
    expect((await staff().getCustomer({ customerId })).tags).toEqual(['old', ...many, 'vip'].toSorted());
    await Promise.all(many.map((tag) => staff().removeTags({ customerId, tags: [tag] })));
    expect((await staff().removeTags({ customerId, tags: ['old', 'never'] })).tags).toEqual(['vip']);
    await staff().addTags({ customerId, tags: ['vip'] });
    const tagged = () =>
      platform
        .events('customers')
        .filter(({ subject, type }) => subject === customerId && type === 'customer.tagged')
        .map(({ data }) => data as { added: number; removed: number });
    const sum = (of: 'added' | 'removed') => tagged().reduce((total, one) => total + one[of], 0);
    await until(() => sum('removed') === 11);
    // "vip" is new once, whoever came first; adding it again said nothing.
    expect([sum('added'), tagged().length]).toEqual([12, 22]);
    const full = Array.from({ length: 50 }, (_, index) => `full-${index}`);
    await staff().setTags({ customerId, tags: full });
    expect(await problemOf(staff().addTags({ customerId, tags: ['one-more'] }))).toMatchObject({
      code: 'TOO_MANY_TAGS',
      data: { limit: 50 },
    });
  });

  test('a customer changes their own profile, but neither group, tags nor metadata', async () => {
    const { customer: guest, session } = await nobody().createGuest({});
    const customerId = guest.id;
    expect(await as(session).updateCustomer({ customerId, name: 'Grace', metadata: { staff: 'no' } })).toMatchObject({
      name: 'Grace',
      metadata: {},
    });
    expect((await problemOf(as(session).setGroup({ customerId, group: null }))).status).toBe(403);
    expect((await problemOf(as(session).setTags({ customerId, tags: ['vip'] }))).status).toBe(403);
    const { id: other } = await customer();
    expect((await problemOf(as(session).updateCustomer({ customerId: other, name: 'X' }))).status).toBe(404);
  });

  test('are found by every filter, and page by page without a gap in each order', async () => {
    const mark = `q${Date.now()}`;
    const made = [];
    for (const name of ['Cleo', 'Anna', 'Ben', 'Anna'])
      made.push(
        await customer({ name: `${name} 100%_${mark}`, tags: [mark], email: `${mark}-${made.length}@example.org` }),
      );
    const search = { tag: mark, limit: 3 } as const;
    const walk = async (sort: 'newest' | 'oldest' | 'name') => {
      const first = await staff().listCustomers({ ...search, sort });
      expect(first.items).toHaveLength(3);
      const rest = await staff().listCustomers({ ...search, sort, cursor: first.nextCursor ?? '' });
      expect(rest.nextCursor).toBeNull();
      return [...first.items, ...rest.items];
    };
    expect((await walk('oldest')).map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect((await walk('newest')).map(({ id }) => id)).toEqual(made.map(({ id }) => id).toReversed());
    expect((await walk('name')).map(({ name }) => name?.split(' ')[0])).toEqual(['Anna', 'Anna', 'Ben', 'Cleo']);
    const ids = async (filter: Parameters<ReturnType<typeof staff>['listCustomers']>[0]) =>
      (await staff().listCustomers(filter)).items.map(({ id }) => id);
    expect(await ids({ search: `BEN 100%_${mark}` })).toEqual([made[2]?.id]);
    expect(await ids({ search: `100x_${mark}` })).toEqual([]);
    expect(await ids({ search: `${mark}-1@` })).toEqual([made[1]?.id]);
    expect(await ids({ tag: mark, createdFrom: made[2]?.createdAt, sort: 'oldest' })).toEqual([
      made[2]?.id,
      made[3]?.id,
    ]);
    expect(await ids({ tag: mark, createdUntil: made[1]?.createdAt })).toEqual([made[0]?.id]);
    expect(await ids({ tag: mark, kind: 'guest' })).toEqual([]);
    expect(await ids({ tag: mark, state: 'disabled' })).toEqual([]);
    const otherList = await staff().listCustomers({ ...search, sort: 'newest' });
    expect(
      await problemOf(staff().listCustomers({ ...search, sort: 'name', cursor: otherList.nextCursor ?? '' })),
    ).toMatchObject({ status: 400, code: 'INVALID_CURSOR' });
  });
});

describe('the search', () => {
  const found = async (search: string) => (await staff().listCustomers({ search })).items.map(({ id }) => id);

  test.each([
    ['Zoë Łódzka', ['zoe', 'ZOË', 'Zoe\u0308', 'lodzka', 'Lodzka Zoe', 'oë łód']],
    ['Ærø İzmir', ['aero', 'izmir', 'Izmir Aero']],
    ['日本茶 店', ['茶', '日本']],
    ['Anne-Marie O’Neil', ['anne marie', "o'neil", 'Neil']],
  ])('%s is found however the name is typed', async (name, searches) => {
    const { id } = await customer({ name });
    for (const search of searches) expect([search, await found(search)]).toEqual([search, [id]]);
  });

  test('by parts of the e-mail address and of the phone number, and signs alone find nobody', async () => {
    const { id } = await customer({ email: 'find.me.here@parts.example', phone: '+493012345099' });
    for (const search of ['me.here@', 'PARTS.example', 'find', '030 123450', '0301/2345099', '+49 30 12345099'])
      expect([search, await found(search)]).toEqual([search, [id]]);
    expect((await Promise.all(['%', '_', '@', '.', '+', '\u200b%', '030 999999'].map(found))).flat()).toEqual([]);
  });

  test('names that were saved before are found too, once the job has run', async () => {
    const { id } = await customer({ name: 'Chloé Früh' });
    await platform.database('customers').run('UPDATE customer SET name_folded = NULL WHERE id = $1', [id]);
    await until(async () => (await found('chloe fruh')).includes(id));
  });
});

describe('addresses', () => {
  test('the first is the default, another takes it over, each kind has one at most', async () => {
    const { id: customerId } = await customer();
    const first = await staff().addAddress({ customerId, ...home, label: 'home' });
    expect(first).toMatchObject({ ...home, label: 'home', defaultShipping: true, defaultBilling: true });
    const office = await staff().addAddress({ customerId, ...home, line1: 'Office 2', defaultShipping: true });
    expect(office).toMatchObject({ defaultShipping: true, defaultBilling: false });
    const { items } = await staff().listAddresses({ customerId });
    expect(items.map(({ id, defaultShipping, defaultBilling }) => [id, defaultShipping, defaultBilling])).toEqual([
      [first.id, false, true],
      [office.id, true, false],
    ]);
    await staff().updateAddress({ customerId, addressId: first.id, defaultShipping: true });
    expect(
      (await staff().listAddresses({ customerId })).items.filter((one) => one.defaultShipping).map(({ id }) => id),
    ).toEqual([first.id]);
  });

  test('are changed line by line, emptied with null, and removed', async () => {
    const { id: customerId } = await customer();
    const { id: addressId } = await staff().addAddress({ customerId, ...home, line2: 'Flat 3', phone: '020 1234' });
    const changed = await staff().updateAddress({ customerId, addressId, city: 'Bath', line2: null });
    expect(changed).toMatchObject({ city: 'Bath', line1: home.line1, phone: '020 1234' });
    expect(changed).not.toHaveProperty('line2');
    expect(await staff().removeAddress({ customerId, addressId })).toEqual({ removed: true });
    expect((await problemOf(staff().removeAddress({ customerId, addressId }))).code).toBe('ADDRESS_NOT_FOUND');
    expect((await staff().listAddresses({ customerId })).items).toEqual([]);
  });

  test('belong to their customer: nobody else reads, changes or removes them', async () => {
    const { id: customerId } = await customer();
    const { id: addressId } = await staff().addAddress({ customerId, ...home });
    const { customer: stranger, session } = await nobody().createGuest({});
    expect((await problemOf(as(session).listAddresses({ customerId }))).status).toBe(404);
    expect((await problemOf(as(session).removeAddress({ customerId, addressId }))).status).toBe(404);
    expect((await problemOf(as(session).updateAddress({ customerId: stranger.id, addressId, city: 'X' }))).code).toBe(
      'ADDRESS_NOT_FOUND',
    );
  });

  test('sixty at once: fifty are saved, with one default of each kind', async () => {
    const { id: customerId } = await customer();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        staff().addAddress({ customerId, ...home, line1: `Street ${index}`, defaultShipping: true }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    const { items } = await staff().listAddresses({ customerId, limit: 200 });
    expect(items).toHaveLength(50);
    expect(items.filter((one) => one.defaultShipping)).toHaveLength(1);
    expect(items.filter((one) => one.defaultBilling)).toHaveLength(1);
    expect(await problemOf(staff().addAddress({ customerId, ...home }))).toMatchObject({
      code: 'TOO_MANY_ADDRESSES',
      data: { limit: 50 },
    });
  });
});

describe('consent', () => {
  const marketing = { purpose: 'marketing', channel: 'email' } as const;

  test('is not granted until the person says so, and not any more once they say otherwise', async () => {
    const { customer: guest, session } = await nobody().createGuest({});
    const customerId = guest.id;
    expect(await staff().checkConsent({ customerId, ...marketing })).toEqual({
      granted: false,
      reason: 'never_decided',
      decidedAt: null,
    });
    await as(session).setConsent({
      customerId,
      ...marketing,
      granted: true,
      source: 'checkout',
      policyVersion: '2026-1',
    });
    expect(await staff().checkConsent({ customerId, ...marketing })).toMatchObject({
      granted: true,
      reason: 'granted',
    });
    expect(await staff().checkConsent({ customerId, purpose: 'marketing', channel: 'sms' })).toMatchObject({
      granted: false,
    });
    await as(session).setConsent({ customerId, ...marketing, granted: false });
    expect(await staff().checkConsent({ customerId, ...marketing })).toMatchObject({
      granted: false,
      reason: 'withdrawn',
    });
  });

  test('keeps every decision with its source and who recorded it; events tell the changes only', async () => {
    const { customer: guest, session } = await nobody().createGuest({});
    const customerId = guest.id;
    const say = (granted: boolean, policyVersion: string, client = as(session)) =>
      client.setConsent({ customerId, ...marketing, granted, policyVersion });
    await say(true, 'v1');
    await say(true, 'v1');
    await say(true, 'v2', staff());
    await say(false, 'v2');
    const { items } = await staff().listConsentHistory({ customerId });
    expect(items.map(({ granted, policyVersion, recordedBy }) => [granted, policyVersion, recordedBy])).toEqual([
      [false, 'v2', `customer:${customerId}`],
      [true, 'v2', 'key:administrator'],
      [true, 'v1', `customer:${customerId}`],
    ]);
    await platform.waitForEvent(
      'consent.changed',
      ({ subject, data }) => subject === customerId && JSON.stringify(data).includes('"granted":false'),
    );
    const events = platform
      .events('customers')
      .filter(({ subject, type }) => subject === customerId && type === 'consent.changed');
    expect(events).toHaveLength(2);
    expect((await staff().listConsents({ customerId })).items).toMatchObject([{ ...marketing, granted: false }]);
    const firstPage = await staff().listConsentHistory({ customerId, purpose: 'marketing', limit: 2 });
    expect(
      (await staff().listConsentHistory({ customerId, limit: 2, cursor: firstPage.nextCursor ?? '' })).items,
    ).toHaveLength(1);
    expect((await staff().listConsentHistory({ customerId, channel: 'sms' })).items).toEqual([]);
  });

  test('of a disabled customer does not count', async () => {
    const { id: customerId } = await customer();
    await staff().setConsent({ customerId, ...marketing, granted: true });
    await staff().disableCustomer({ customerId });
    expect(await staff().checkConsent({ customerId, ...marketing })).toMatchObject({
      granted: false,
      reason: 'customer_not_active',
    });
  });
});

describe('groups', () => {
  test('are saved, listed with their customers, and deleted only when empty', async () => {
    const code = `g${Date.now()}`;
    expect(await staff().saveGroup({ code, title: 'Friends' })).toMatchObject({
      code,
      title: 'Friends',
      description: null,
    });
    await staff().saveGroup({ code, title: 'Friends and family', description: 'Ten per cent' });
    const { id: customerId } = await customer({ group: code });
    expect(
      (await staff().listGroups({ search: 'AND FAMILY' })).items.find((group) => group.code === code),
    ).toMatchObject({ title: 'Friends and family', customers: 1 });
    expect((await staff().listCustomers({ group: code })).items.map(({ id }) => id)).toEqual([customerId]);
    expect(await problemOf(staff().deleteGroup({ code }))).toMatchObject({
      code: 'GROUP_IN_USE',
      data: { customers: 1 },
    });
    expect(await staff().setGroup({ customerId, group: null })).toMatchObject({ group: null });
    expect(await staff().deleteGroup({ code })).toEqual({ removed: true });
    expect((await problemOf(staff().deleteGroup({ code }))).code).toBe('GROUP_NOT_FOUND');
    expect((await problemOf(staff().setGroup({ customerId, group: code }))).code).toBe('GROUP_NOT_FOUND');
  });

  test('deleted while somebody is put into it: never a customer in a group that is gone', async () => {
    for (let round = 0; round < 10; round += 1) {
      const code = `race-${Date.now()}-${round}`;
      await staff().saveGroup({ code, title: 'Race' });
      const { id: customerId } = await customer();
      const [put, deleted] = await Promise.allSettled([
        staff().setGroup({ customerId, group: code }),
        staff().deleteGroup({ code }),
      ]);
      expect([put.status, deleted.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      const { group } = await staff().getCustomer({ customerId });
      expect(group).toBe(put.status === 'fulfilled' ? code : null);
    }
  });
});
