/** `npm run bench:hot-sku`: more buyers than units want the same SKU at once; exactly the stock is sold. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { openHttp } from './lib/http.ts';
import { openInProcess, setupClient } from './lib/in-process.ts';
import { drive } from './lib/load.ts';
import { startBenchPlatform } from './lib/platform.ts';
import { printCheck, printHead, printRatio, printTable } from './lib/report.ts';
import { stockUp } from './lib/shop.ts';

const CONCURRENCY = 32;
const STOCK = Number(process.env['BENCH_STOCK'] ?? 3_000);
const BUYERS = Math.round(STOCK * 1.2);

printHead(`Hot SKU: ${BUYERS} buyers, ${CONCURRENCY} at a time, want one unit of which there are ${STOCK}`);
const platform = await startBenchPlatform();
const folder = await mkdtemp(join(tmpdir(), 'bench-objects-'));
try {
  const skus = ['WARM-UP', 'HOT', 'YARDSTICK'];
  await stockUp(platform, skus, STOCK);
  const http = openHttp(platform.url, platform.adminKey, CONCURRENCY);
  const wish = (sku: string) => ({ ownerId: randomUUID(), lines: [{ sku, quantity: 1 }], expiresInSeconds: 3_600 });
  const statuses: number[] = [];
  const buy = async (sku: string): Promise<void> => {
    statuses.push((await http.ask('POST', '/v1/inventory/reservations', wish(sku), randomUUID())).status);
  };
  await drive({
    concurrency: CONCURRENCY,
    pid: platform.pid,
    total: Math.round(STOCK / 4),
    work: () => buy('WARM-UP'),
  });
  statuses.length = 0;
  const ours = await drive({ concurrency: CONCURRENCY, pid: platform.pid, total: BUYERS, work: () => buy('HOT') });

  const direct = await openInProcess(platform, folder);
  const inventory = direct.client(inventoryContract);
  const yardstick = await drive({
    concurrency: CONCURRENCY,
    pid: platform.pid,
    total: BUYERS,
    work: () =>
      inventory.reserveStock(wish('YARDSTICK'), { idempotencyKey: randomUUID() }).catch((error: unknown) => {
        if (!(error instanceof Problem && error.code === 'OUT_OF_STOCK')) throw error;
      }),
  });
  await direct.close();

  printTable([
    { what: 'reservations over HTTP', measured: ours, aim: 250 },
    { what: 'yardstick: same statements through pg', measured: yardstick },
  ]);
  printRatio('hot SKU', ours, yardstick);
  const count = (status: number): number => statuses.filter((one) => one === status).length;
  const setup = setupClient(inventoryContract, platform);
  const item = await setup.getItem({ sku: 'HOT' });
  const audit = await setup.auditStock({});
  printCheck('reserved', count(201) === STOCK, `${count(201)} of ${STOCK}, ${count(409)} told it is sold out`);
  printCheck(
    'nobody got another answer',
    count(201) + count(409) === BUYERS,
    `${BUYERS - count(201) - count(409)} did`,
  );
  printCheck('left', item.available === 0 && item.reserved === STOCK, {
    available: item.available,
    reserved: item.reserved,
  });
  printCheck('stock audit', audit.consistent, `${audit.reservations} reservations, ${audit.problems.length} problems`);
  http.close();
} finally {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}
