import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { eur, newOrder, newOwner, remote } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote });
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const database = () => platform.database('wallet');

test('entries and transfers are never changed or deleted, not even by hand', async () => {
  await api().topUp({ ownerId: newOwner(), amount: eur(10), reference: 'card' });
  const attempts = [
    'UPDATE entry SET amount = 1',
    'DELETE FROM entry',
    `UPDATE transfer SET reference = 'x'`,
    'DELETE FROM transfer',
  ];
  for (const attempt of attempts) await expect(database().run(attempt)).rejects.toThrow('the ledger is append-only');
});

test('an account is kept from going below what it holds, whatever the code decides', async () => {
  const ownerId = newOwner();
  await api().topUp({ ownerId, amount: eur(10), reference: 'card' });
  await api().authorizeHold({ ownerId, amount: eur(10), reference: newOrder() });
  await expect(
    database().run('UPDATE account SET balance = balance - 1 WHERE owner_id = $1', [ownerId]),
  ).rejects.toThrow('account_available');
});

describe('the audit finds', () => {
  /** Tampers, looks, and undoes it by the opposite statement. */
  const problemsAfter = async (tamper: string, restore: string, values: string[]) => {
    expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
    await database().run(tamper, values);
    const audit = await api().auditLedger({});
    await database().run(restore, values);
    expect(await api().auditLedger({})).toMatchObject({ consistent: true });
    expect(audit.consistent).toBe(false);
    return audit.problems;
  };
  const held = async () => {
    const ownerId = newOwner();
    await api().topUp({ ownerId, amount: eur(100), reference: 'card' });
    const hold = await api().authorizeHold({ ownerId, amount: eur(30), reference: newOrder() });
    await api().captureHold({ holdId: hold.id, amount: eur(10), final: false });
    return hold;
  };

  test('a balance that is not the sum of its entries', async () => {
    const { accountId } = await held();
    const set = (by: string) => `UPDATE account SET balance = balance ${by} WHERE id = $1`;
    expect(await problemsAfter(set('+ 1'), set('- 1'), [accountId])).toEqual([
      `account ${accountId}: balance 91 after 2 entries, but its entries sum to 90 in 2`,
    ]);
  });

  test('held money that no hold accounts for', async () => {
    const { accountId } = await held();
    const set = (by: string) => `UPDATE account SET held = held ${by} WHERE id = $1`;
    expect(await problemsAfter(set('- 5'), set('+ 5'), [accountId])).toEqual([
      `account ${accountId}: 15 held, but its open holds sum to 20`,
    ]);
  });

  test('a hold that says it captured what no transfer shows', async () => {
    const { id, accountId } = await held();
    const set = (to: number) => `UPDATE hold SET captured = ${to} WHERE id = $1`;
    const problems = await problemsAfter(set(12), set(10), [id]);
    expect(problems).toHaveLength(2);
    expect(problems).toContain(`hold ${id}: 12 captured and 0 refunded of 30, but its transfers say 10 and 0`);
    expect(problems).toContain(`account ${accountId}: 20 held, but its open holds sum to 18`);
  });

  test('a hold that is gone', async () => {
    const { id, accountId } = await held();
    const [move, back] = [
      `UPDATE hold SET account_id = 'nobody' WHERE id = $1`,
      `UPDATE hold SET account_id = '${accountId}' WHERE id = $1`,
    ];
    expect(await problemsAfter(move, back, [id])).toEqual([
      `account ${accountId}: 20 held, but its open holds sum to 0`,
    ]);
  });

  test('entries without a transfer, out of balance, out of line and of nobody; they stay found', async () => {
    const { accountId } = await held();
    const insert = (side: string, account: string, sequence: string) =>
      database().run(
        `INSERT INTO entry (transfer_id, side, account_id, currency, amount, sequence, balance_after) VALUES ('trf_forged_${side}', '${side}', '${account}', 'EUR', 7, ${sequence}, 7)`,
      );
    await insert('credit', accountId, '9');
    const audit = await api().auditLedger({});
    expect(audit.consistent).toBe(false);
    const [euros] = audit.currencies;
    expect(BigInt(euros?.credits ?? 0) - BigInt(euros?.debits ?? 0)).toBe(7n);
    expect(audit.problems).toEqual([
      `EUR: debits ${euros?.debits} and credits ${euros?.credits} differ`,
      `account ${accountId}: balance 90 after 2 entries, but its entries sum to 97 in 3`,
      `account ${accountId}: entry 9 of transfer trf_forged_credit does not follow from the one before it`,
      expect.stringContaining(`entry (credit) of transfer trf_forged_credit belongs to no transfer`) as string,
    ]);
    // With a counterpart the sum is right again, and everything else is still found.
    await insert('debit', 'nobody:EUR', 'NULL');
    const later = await api().auditLedger({});
    expect(later.currencies[0]?.credits).toBe(later.currencies[0]?.debits);
    expect(later.problems).toHaveLength(4);
    expect(later.problems).toContainEqual(expect.stringContaining('belongs to no transfer, or to account nobody:EUR'));
  });
});
