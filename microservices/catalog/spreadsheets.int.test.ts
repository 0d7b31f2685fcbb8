import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import type { ImportRecord } from './contract/imports.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let standard: string;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway] });
  keeper = platform.client(catalogContract);
  standard = (await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' })).id;
  await keeper.defineAttribute({ code: 'height', title: { en: 'Height' }, type: 'number' });
});
afterAll(() => platform.stop());

interface Answer {
  status: number;
  body: ImportRecord & { code: string; detail: string };
}

const send = async (body: string | Buffer<ArrayBuffer>, type = 'text/csv'): Promise<Answer> => {
  const response = await fetch(`${platform.url}/v1/catalog/imports`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${platform.adminKey}` },
    body,
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
};

describe('files as people have them', () => {
  test('one stray quote costs its own row: the good ones before and after it are in, and the import ends', async () => {
    const lines = Array.from({ length: 1_200 }, (_, index) => `QUOTE${index},Thing ${index},${index + 1}.50`);
    lines.splice(698, 0, 'QUOTE-BAD,Pipe 5" long,1.00');
    const answer = await send(`sku,title,price\n${lines.join('\n')}\n`);
    expect(answer).toMatchObject({
      status: 200,
      body: { state: 'completed', rows: 1_201, accepted: 1_200, rejected: 1 },
    });
    const { items } = await keeper.listRejectedRows({ importId: answer.body.id });
    expect(items).toEqual([
      {
        line: 700,
        column: null,
        value: 'QUOTE-BAD,Pipe 5" long,1.00',
        reason: expect.stringContaining('quotation mark') as unknown,
      },
    ]);
    for (const sku of ['QUOTE0', 'QUOTE697', 'QUOTE698', 'QUOTE1199'])
      expect(await keeper.getVariantBySku({ sku })).toBeDefined();
  });

  test.each([
    [
      'semicolons and decimal commas',
      'sku;title;price;attribute.height\r\nEU1-A;"Tee; grün";1.299,90;1,5\r\nEU1-B;Tasse;19,99;2\r\n',
      'text/csv',
      'EU1',
    ],
    [
      'a line that names the separator',
      'sep=;\r\nsku;title;price\r\nEU2-A;Tee;1299,90\r\nEU2-B;Tasse;19,99\r\n',
      'application/vnd.ms-excel',
      'EU2',
    ],
    [
      'tabs',
      'sku\ttitle\tprice\nEU3-A\tTee\t1299,90\nEU3-B\tTasse\t19,99\n',
      'text/tab-separated-values; charset=utf-8',
      'EU3',
    ],
    [
      'Unicode text',
      Buffer.from('\ufeffsku\ttitle\tprice\r\nEU4-A\tTee grün\t1299,90\r\nEU4-B\tTasse\t19,99\r\n', 'utf16le'),
      'text/plain',
      'EU4',
    ],
  ])('a spreadsheet may write %s', async (_what, body, type, prefix) => {
    expect(await send(body, type)).toMatchObject({
      status: 200,
      body: { state: 'completed', accepted: 2, rejected: 0 },
    });
    const { items } = await keeper.listPrices({ priceListId: standard, skuPrefix: prefix });
    expect(items.map((each) => [each.sku, each.unitPrice.amount])).toEqual([
      [`${prefix}-A`, 129_990],
      [`${prefix}-B`, 1_999],
    ]);
  });

  test('an Excel workbook is named as what it is, whatever it is called, and leaves no import behind', async () => {
    const before = (await keeper.listImports({ state: 'running', limit: 200 })).items.length;
    for (const type of ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet']) {
      const { status, body } = await send(Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(300, 7)]), type);
      expect([status, body.code]).toEqual([422, 'INVALID_FILE']);
      expect(body.detail).toMatch(/^This is an Excel .* save it as CSV/);
    }
    expect((await send('nonsense,title\nA,B\n')).status).toBe(422);
    expect((await keeper.listImports({ state: 'running', limit: 200 })).items.length).toBe(before);
  });
});
