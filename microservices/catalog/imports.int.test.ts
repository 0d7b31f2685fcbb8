import { request } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import type { ImportRecord, Rejection } from './contract/imports.ts';
import { until } from '../chassis/testing/until.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway] });
  keeper = platform.client(catalogContract);
  await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' });
  await keeper.defineAttribute({
    code: 'material',
    title: { en: 'Material' },
    type: 'choice',
    options: ['wood', 'metal'],
  });
  await keeper.defineAttribute({ code: 'height', title: { en: 'Height' }, type: 'number' });
  await keeper.defineFamily({ code: 'toys', title: { en: 'Toys' }, required: ['material'] });
});
afterAll(() => platform.stop());

interface Answer {
  status: number;
  replayed: boolean;
  body: ImportRecord & {
    code: string;
    detail: string;
    data: { line?: number | null; importId?: string; committedLine?: number };
  };
}

const send = async (
  body: string | Readable,
  { key, path = '/v1/catalog/imports' }: { key?: string; path?: string } = {},
): Promise<Answer> => {
  const response = await fetch(`${platform.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      authorization: `Bearer ${platform.adminKey}`,
      ...(key ? { 'idempotency-key': key } : {}),
    },
    body: typeof body === 'string' ? body : (Readable.toWeb(body) as NonNullable<RequestInit['body']>),
    duplex: 'half',
  });
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed') === 'true',
    body: (await response.json()) as Answer['body'],
  };
};

const rejections = async (importId: string): Promise<Rejection[]> => {
  const all: Rejection[] = [];
  let cursor: string | undefined;
  do {
    const page = await keeper.listRejectedRows({ importId, limit: 3, cursor });
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return all;
};

const rows = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index},Thing ${prefix}${index},${index + 1}.50`);
const file = (prefix: string, count: number): string => `sku,title,price\n${rows(prefix, count).join('\n')}\n`;
const countOf = async (prefix: string): Promise<number> =>
  (
    await platform
      .database('catalog')
      .one<{ count: number }>(`SELECT count(*) FROM variant WHERE starts_with(sku, $1)`, [prefix])
  ).count;

describe('a file of products', () => {
  test('makes products with variants, categories, attributes and prices, and publishes what is complete', async () => {
    const answer = await send(
      [
        'SKU,Title,title.de,slug,option.size,categories,family,attribute.material,attribute.height,gtin,weightGrams,price,minQuantity,state',
        'HORSE-S,Wooden horse,Holzpferd,wooden-horse,S,Toys > Animals|Gifts,toys,wood,12.5,4006381333931,300,19.99,,published',
        'HORSE-M,,,wooden-horse,M,,,,,,500,24.90,,',
        'HORSE-S,,,,,,,,,,,17.50,10,',
        '"HORSE-L",,,wooden-horse,L,,,,,,,,,',
      ].join('\r\n'),
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { state: 'completed', rows: 4, accepted: 3, rejected: 1, created: 1, updated: 0 },
    });
    expect(await rejections(answer.body.id)).toEqual([
      {
        line: 5,
        column: 'price',
        value: 'HORSE-L',
        reason: 'HORSE-L has no price for everybody without an end date. Set one for quantity 1.',
      },
    ]);
    const product = await keeper.getProductBySlug({ slug: 'wooden-horse' });
    expect(product).toMatchObject({
      state: 'published',
      title: { en: 'Wooden horse', de: 'Holzpferd' },
      attributes: { material: 'wood', height: 12.5 },
      optionAxes: ['size'],
      variants: [
        { sku: 'HORSE-S', options: { size: 'S' }, gtin: '4006381333931', weightGrams: 300 },
        { sku: 'HORSE-M', options: { size: 'M' }, weightGrams: 500 },
      ],
    });
    const categories = await Promise.all(product.categoryIds.map((categoryId) => keeper.getCategory({ categoryId })));
    expect(categories.map(({ slug, ancestors }) => [slug, ...ancestors.map((ancestor) => ancestor.slug)])).toEqual([
      ['toys-animals', 'toys'],
      ['gifts'],
    ]);
    const { lines } = await keeper.resolvePrices({
      lines: [1, 10].map((quantity) => ({ sku: 'HORSE-S', quantity })),
      currency: 'EUR',
    });
    expect(lines.map((line) => line.unitPrice.amount)).toEqual([1_999, 1_750]);
    const event = await platform.waitForEvent('import.completed', ({ subject }) => subject === answer.body.id);
    expect(event.data).toMatchObject({ rows: 4, accepted: 3, rejected: 1 });
    const reported = platform
      .events('catalog')
      .filter((each) => each.subject === product.id)
      .map((each) => each.type);
    expect(reported).toEqual([
      'product.created',
      'product.submitted',
      'product.published',
      'price.changed',
      'price.changed',
      'price.changed',
    ]);
  });

  test('reports every rejected row with line, column, value and reason, and takes the good rows between', async () => {
    const answer = await send(
      [
        'sku,title,price,currency,gtin,attribute.material,family,taxCategory,state,description',
        'BAD\u00071,Bell in SKU,1.00,,,,,,,',
        ',No SKU,1.00,,,,,,,',
        'GOOD-1,Good one,1.00,,,,,,,',
        'BAD-2,"Two, wrong",1.999,,12345678,,,luxury,,',
        'BAD-3,Unknown list,1.00,USD,,,,,,',
        'BAD-4,Wrong choice,,,,plastic,,,,',
        'BAD-5,Unknown family,,,,,vehicles,,,',
        'BAD-6,Incomplete,,,,,toys,,published,',
        'BAD-7,,1.00,,,,,,,',
        'BAD-8,Too short',
        'BAD-9,"1,00",one euro,,,,,,,',
        'GOOD-2,"Good ""two""",2.00,,,,,,,"A text\nin two lines"',
        'BAD-10,Latin-1 \uFFFD,,,,,,,,',
        'BAD-11,Nul \u0000,,,,,,,,',
      ].join('\n'),
    );
    expect(answer.body).toMatchObject({ state: 'completed', rows: 14, accepted: 2, rejected: 12 });
    const reported = (await rejections(answer.body.id)).map(
      ({ line, column, value, reason }) => `${line} ${column} "${value}": ${reason}`,
    );
    expect(reported).toEqual([
      expect.stringMatching(/^2 sku "BAD.1": a SKU is one line/),
      expect.stringMatching(/^3 sku "": The SKU is missing/),
      expect.stringMatching(/^5 gtin "12345678": the check digit/),
      expect.stringMatching(/^5 taxCategory "luxury": this has to be one of standard, reduced, zero/),
      expect.stringMatching(/^6 price "1.00": There is no price list in USD/),
      expect.stringMatching(/^7 attribute.material "plastic": "plastic" is not one of wood, metal/),
      expect.stringMatching(/^8 family "BAD-5": There is no family "vehicles"/),
      expect.stringMatching(/^9 price "BAD-6": BAD-6 has no price/),
      expect.stringMatching(/^9 attribute.material "BAD-6": The attribute "material" is required/),
      expect.stringMatching(/^10 title "null": BAD-7 is new/),
      expect.stringMatching(/^11 null "BAD-8,Too short": This row has 2 cells; the header has 10/),
      expect.stringMatching(/^12 price "one euro": This is not an amount/),
      expect.stringMatching(/^15 title "Latin-1 .": This is not UTF-8/),
      expect.stringMatching(/^16 title "Nul .": this text contains a NUL/),
    ]);
    expect(await keeper.getVariantBySku({ sku: 'GOOD-2' })).toBeDefined();
  });

  test('the same rows again change nothing: no event, no version', async () => {
    const first = await send(file('SAME', 20));
    const second = await send(file('SAME', 20));
    expect(second.body).toMatchObject({ state: 'completed', accepted: 20, created: 0, updated: 0 });
    expect(second.body.id).not.toBe(first.body.id);
    await platform.waitForEvent('import.completed', ({ subject }) => subject === second.body.id);
    const { id } = await keeper.getVariantBySku({ sku: 'SAME3' });
    const reported = platform
      .events('catalog')
      .filter(({ data }) => JSON.stringify(data).includes(id) || JSON.stringify(data).includes('"SAME3"'));
    expect(reported.map((event) => event.type)).toEqual(['product.created', 'price.changed']);
  });
});

describe('a file that cannot be read', () => {
  test.each([
    ['', /empty/],
    ['title,price\nx,1', /no column "sku"/],
    ['sku,colour\nx,red', /no column "colour".*attribute\.<code>/],
    ['sku,SKU\nx,y', /is in the header twice/],
    ['sku,"title\nx,y', /^The header cannot be read\. A cell of this row begins with a quotation mark/],
  ])('%j is a clear 422', async (body, detail) => {
    const answer = await send(body === '' ? Readable.from([]) : body);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'INVALID_FILE', detail: expect.stringMatching(detail) as unknown },
    });
  });

  test('a quote that swallows the rest of the file does not fill the memory', async () => {
    const answer = await send(
      Readable.from(['sku,title\nHUGE,"', ...Array.from({ length: 100 }, () => 'x'.repeat(10_000))]),
    );
    expect(answer).toMatchObject({ status: 200, body: { state: 'completed', rejected: answer.body.rows } });
    const [first] = await rejections(answer.body.id);
    expect(first).toMatchObject({ line: 2, reason: expect.stringContaining('256 KB') as unknown });
  });

  test('JSON is refused with 415, a missing import with 404', async () => {
    const response = await fetch(`${platform.url}/v1/catalog/imports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${platform.adminKey}` },
      body: '{}',
    });
    expect(response.status).toBe(415);
    expect(await send('sku\nA', { path: `/v1/catalog/imports/imp_${'0'.repeat(32)}/resume` })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  });
});

/** Sends the beginning of a file and breaks the connection when `committed` rows are in. Returns the import. */
const breakOff = async (content: string, key: string, committed: number): Promise<ImportRecord> => {
  const url = new URL(`${platform.url}/v1/catalog/imports`);
  const sending = request({
    host: url.hostname,
    port: url.port,
    path: url.pathname,
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${platform.adminKey}`, 'idempotency-key': key },
  });
  sending.on('error', () => undefined);
  sending.write(content);
  for (;;) {
    const running = (await keeper.listImports({ state: 'running' })).items.find((each) => each.rows >= committed);
    if (running) {
      sending.destroy();
      return running;
    }
    await sleep(10);
  }
};

describe('an import that breaks off', () => {
  test('keeps what was committed and continues after it when the same file is sent again, each row once', async () => {
    const whole = file('RESUME', 1_700);
    const broken = await breakOff(whole.slice(0, Math.floor(whole.length * 0.8)), 'resume-key', 1_000);
    expect(broken).toMatchObject({ state: 'running', rows: 1_000, committedLine: 1_001, accepted: 1_000 });
    expect(await countOf('RESUME')).toBe(1_000);

    const answer = await send(whole, { key: 'resume-key' });
    expect(answer.body).toMatchObject({
      id: broken.id,
      state: 'completed',
      rows: 1_700,
      accepted: 1_700,
      created: 1_700,
      updated: 0,
    });
    expect(await countOf('RESUME')).toBe(1_700);
    await platform.waitForEvent('import.completed', ({ subject }) => subject === broken.id);
    const created = () =>
      platform
        .events('catalog')
        .filter(({ type, data }) => type === 'product.created' && JSON.stringify(data).includes('"RESUME'));
    await until(() => created().length >= 1_700);
    expect(created()).toHaveLength(1_700);

    expect(await send(whole, { key: 'resume-key' })).toMatchObject({ replayed: true, body: { id: broken.id } });
  });

  test('is resumed by its id too; another file under it is refused and changes nothing', async () => {
    const whole = file('BYID', 700);
    const broken = await breakOff(whole.slice(0, Math.floor(whole.length * 0.9)), 'by-id-key', 500);
    const path = `/v1/catalog/imports/${broken.id}/resume`;
    const other = await send(whole.replace('BYID7,Thing', 'BYID7,Changed'), { path });
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'DIFFERENT_FILE', data: { importId: broken.id, committedLine: 501 } },
    });
    expect(await send(file('BYID', 300), { path })).toMatchObject({ status: 409, body: { code: 'DIFFERENT_FILE' } });
    expect(await countOf('BYID')).toBe(500);
    const corrected = whole.replace('BYID650,Thing', 'BYID650,Corrected');
    expect((await send(corrected, { path })).body).toMatchObject({
      id: broken.id,
      state: 'completed',
      rows: 700,
      created: 700,
    });
    expect((await send('sku\nanything', { path })).body).toMatchObject({
      id: broken.id,
      state: 'completed',
      rows: 700,
    });
  });

  test('a file with a broken end is in but for that row, which a corrected file brings in', async () => {
    const good = file('MEND', 600);
    const broken = await send(`${good}MEND-LAST,"open`, { key: 'mend' });
    expect(broken).toMatchObject({ status: 200, body: { state: 'completed', rows: 601, accepted: 600, rejected: 1 } });
    expect(await rejections(broken.body.id)).toMatchObject([{ line: 602, value: 'MEND-LAST,"open' }]);
    expect((await send(`${good}MEND-LAST,closed,1.00\n`, { key: 'mended' })).body).toMatchObject({
      state: 'completed',
      rows: 601,
      created: 1,
    });
  });

  test('the same import sent twice at once brings each row in once', async () => {
    const whole = file('TWICE', 1_200);
    const broken = await breakOff(whole.slice(0, Math.floor(whole.length * 0.7)), 'twice-key', 500);
    const path = `/v1/catalog/imports/${broken.id}/resume`;
    const responses = await Promise.all([send(whole, { path }), send(whole, { path })]);
    const done = responses.filter((response) => response.status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const response of responses) if (response.status !== 200) expect(response.body.code).toBe('IMPORT_BUSY');
    expect(await keeper.getImport({ importId: broken.id })).toMatchObject({
      state: 'completed',
      rows: 1_200,
      accepted: 1_200,
      created: 1_200,
    });
    expect(await countOf('TWICE')).toBe(1_200);
  });
});
