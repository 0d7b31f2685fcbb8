import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context, Handlers } from '../context.ts';
import { reconciliationId } from '../contract/reconciliations.ts';
import { feesOf, reconcile, settlementOf, type OwnMovement } from '../policy/reconcile.ts';
import type { ReportLine } from '../psp/port.ts';
import { keepPosting } from '../store/postings.ts';
import * as store from '../store/reconciliations.ts';

type Names = 'reconcilePayments' | 'listReconciliations';
const MOST_DIFFERENCES = 1_000;

export const reconciliationHandlers = (context: Context): Pick<Handlers, Names> => {
  const { database, now, cardProvider: provider } = context;
  return {
    reconcilePayments: command({
      read: async ({ from, to }): Promise<readonly ReportLine[]> =>
        (await context.providers.get(provider)?.report?.(new Date(from), new Date(to))) ?? [],

      commit: async (tx, { from, to }, _request, lines) => {
        const inPeriod = await store.movementsBetween(tx, provider, new Date(from), new Date(to));
        const named = await store.movementsById(
          tx,
          lines.flatMap(({ key }) => (key === null ? [] : [key])),
        );
        const { matched, differences } = reconcile(lines, together(inPeriod, named));
        const at = now();
        for (const line of lines) {
          const transfers = settlementOf(line);
          const reference = `${provider}/${line.id}`;
          if (transfers.length > 0) await keepPosting(tx, { reference, paymentId: null, transfers, at });
        }
        const made: store.Reconciliation = {
          id: newId('rcn'),
          provider,
          from,
          to,
          lines: lines.length,
          matched,
          fees: feesOf(lines),
          differences: differences.slice(0, MOST_DIFFERENCES),
          createdAt: at.toISOString(),
        };
        await store.insertReconciliation(tx, made);
        if (differences.length > 0)
          tx.append('payment.difference_found', made.id, {
            reconciliationId: made.id,
            provider,
            differences: differences.length,
          });
        return made;
      },
    }),

    listReconciliations: async ({ cursor, limit }) => {
      const before = readCursor(cursor, z.tuple([reconciliationId]));
      return toPage(await store.listReconciliations(database, limit, before?.[0]), limit, ({ id }) => [id]);
    },
  };
};

const together = (one: readonly OwnMovement[], other: readonly OwnMovement[]): OwnMovement[] => [
  ...new Map([...one, ...other].map((movement) => [movement.id, movement])).values(),
];
