/** `npm run bench:transfer`: money between many owners at once; not a cent more or less at the end. */
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { openAccount } from './lib/account.ts';
import { openHttp } from './lib/http.ts';
import { openInProcess, setupClient } from './lib/in-process.ts';
import { drive } from './lib/load.ts';
import { startBenchPlatform } from './lib/platform.ts';
import { printAccount, printCheck, printHead, printRatio, printTable, type Row } from './lib/report.ts';
import { fundOwners } from './lib/shop.ts';

const CONCURRENCY = 32;
const OWNERS = 400;
const EACH = 1_000_000;
const TRANSFERS = Number(process.env['BENCH_TRANSFERS'] ?? 6_000);

printHead(`Transfers: ${TRANSFERS} between ${OWNERS} owners, ${CONCURRENCY} at a time`);
const platform = await startBenchPlatform();
const folder = await mkdtemp(join(tmpdir(), 'bench-objects-'));
try {
  const owners = Array.from({ length: OWNERS }, (_, i) => `owner-${i}`);
  await fundOwners(platform, owners, EACH);
  const http = openHttp(platform.url, platform.adminKey, CONCURRENCY);
  const move = () => {
    const from = randomInt(OWNERS);
    const to = (from + 1 + randomInt(OWNERS - 1)) % OWNERS;
    return {
      fromOwnerId: `owner-${from}`,
      toOwnerId: `owner-${to}`,
      amount: { amount: 1 + randomInt(100), currency: 'EUR' },
      reference: 'bench',
    };
  };
  const send = () => http.expect('POST', '/v1/wallet/transfers', move(), randomUUID());
  const load = { concurrency: CONCURRENCY, pid: platform.pid };
  const account = await openAccount(platform);
  await drive({ ...load, total: Math.round(TRANSFERS / 4), work: send });
  const ours = await drive({ ...load, account, total: TRANSFERS, work: send });
  await account.close();

  const direct = await openInProcess(platform, folder);
  const wallet = direct.client(walletContract);
  const yardstick = await drive({
    ...load,
    total: TRANSFERS,
    work: () => wallet.transfer(move(), { idempotencyKey: randomUUID() }),
  });
  await direct.close();

  const rows: Row[] = [
    { what: 'transfers over HTTP', measured: ours, aim: 800 },
    { what: 'yardstick: same statements through pg', measured: yardstick },
  ];
  printTable(rows);
  printAccount(rows);
  printRatio('transfers', ours, yardstick);
  const setup = setupClient(walletContract, platform);
  const balances = await Promise.all(
    owners.map(async (ownerId) =>
      (await setup.getBalance({ ownerId })).items.reduce((sum, item) => sum + item.balance, 0),
    ),
  );
  const total = balances.reduce((sum, balance) => sum + balance, 0);
  const audit = await setup.auditLedger({});
  printCheck('money in the wallets', total === OWNERS * EACH, `${total} of ${OWNERS * EACH} cents`);
  printCheck('ledger audit', audit.consistent, `${audit.transfers} transfers, ${audit.problems.length} problems`);
  http.close();
} finally {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}
