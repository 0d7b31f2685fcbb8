import { openGroupShop, type GroupShop } from '../../infra/test/group-shop.ts';

let shop: GroupShop;
beforeAll(async () => {
  shop = await openGroupShop();
});
afterAll(() => shop.platform.stop());

const to = (customerId: string) => ({ customerId, shippingAddress: shop.address });
const watch = (code: string, url = shop.platform.url, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/groups/shared/${code}/live`, { headers });

interface Told {
  state: string;
  members: number;
  seatsLeft: number;
  secondsLeft: number;
}

/** Reads the stream on until an event says so; undefined at its end. */
const teller = (response: Response) => {
  const decoder = new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>;
  const reader = response.body?.pipeThrough(decoder).getReader();
  let text = '';
  const next = async (): Promise<Told | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      const block = end < 0 ? undefined : text.slice(0, end);
      if (block !== undefined) {
        text = text.slice(end + 2);
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) return JSON.parse(data) as Told;
        continue;
      }
      const read = await reader?.read();
      if (!read || read.done) return undefined;
      text += read.value;
    }
  };
  return {
    next,
    until: async (fits: (told: Told) => boolean): Promise<Told | undefined> => {
      for (;;) {
        const told = await next();
        if (!told || fits(told)) return told;
      }
    },
    close: () => reader?.cancel(),
  };
};

test('who watches a team in either process is told of each member, and the stream ends with the team', async () => {
  const twin = await shop.startTwin();
  const { id: campaignId } = await shop.openCampaign();
  const [leader, friend, third] = [await shop.buyer(), await shop.buyer(), await shop.buyer()];
  const { code } = await shop.groups.openTeam({ campaignId, ...to(leader) });
  const here = await watch(code.toLowerCase());
  expect(here.headers.get('content-type')).toContain('text/event-stream');
  const watchers = [teller(here), teller(await watch(code, twin.url))];
  for (const { next } of watchers)
    expect(await next()).toMatchObject({ state: 'open', members: 1, seatsLeft: 2, missing: 1 });
  await shop.groups.joinTeam({ code, ...to(friend) });
  for (const { until } of watchers) {
    const told = await until(({ members }) => members === 2);
    expect(told).toMatchObject({ state: 'forming', seatsLeft: 1, price: { amount: 1_900, currency: 'EUR' } });
    expect(told?.secondsLeft).toBeGreaterThan(86_000);
    expect(told?.secondsLeft).toBeLessThanOrEqual(86_400);
  }
  await shop.groups.joinTeam({ code, ...to(third) });
  for (const { until, next } of watchers) {
    expect(await until(({ state }) => state === 'complete')).toMatchObject({ members: 3, secondsLeft: 0 });
    expect(await next()).toBeUndefined();
  }
  await twin.stop();
});

test('a team that has ended is told once; a browser that comes back for it is sent away', async () => {
  const { id: campaignId } = await shop.openCampaign();
  const { id: teamId, code } = await shop.groups.openTeam({ campaignId, ...to(await shop.buyer()) });
  await shop.groups.cancelTeam({ teamId });
  const { next } = teller(await watch(code));
  expect([await next(), await next()]).toEqual([expect.objectContaining({ state: 'cancelled' }), undefined]);
  expect((await watch(code, shop.platform.url, { 'last-event-id': '1' })).status).toBe(204);
});

test.each(['K7M2QWXR9TBD', 'nothing', '%00'])('there is no team %s to watch', async (code) => {
  const response = await watch(code);
  expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ code: 'TEAM_NOT_FOUND' })]);
});
