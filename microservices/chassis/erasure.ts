import { z } from 'zod';
import type { App } from './app.ts';
import type { Contract } from './contract/index.ts';
import type { Database, Queryable } from './database/index.ts';
import { react, type Reaction } from './events/reaction.ts';
import type { Job } from './jobs.ts';
import { endPersons } from './persons.ts';
import { Problem } from './problem.ts';
import type { Transaction } from './transaction.ts';

/** Erases persons in one domain: the chassis adds both to the domain's own reactions and jobs. */
export interface Eraser {
  reactions: readonly Reaction[];
  jobs: readonly Job[];
}

/** The parts of a service with its eraser's. Throws when the contract says `personalData` and there is none, or the reverse. */
export const withErasure = <Parts extends Partial<Eraser> & { erasure?: Eraser }>(
  { domain, personalData }: Contract,
  parts: Parts,
): Parts => {
  const { erasure } = parts;
  if (personalData && !erasure)
    throw new Error(`The contract of ${domain} says personalData, but the service has no eraser.`);
  if (!erasure) return parts;
  if (!personalData) throw new Error(`${domain} has an eraser, but its contract does not say personalData.`);
  return {
    ...parts,
    reactions: [...(parts.reactions ?? []), ...erasure.reactions],
    jobs: [...(parts.jobs ?? []), ...erasure.jobs],
  };
};

/** The contract of customers, by the parts that an eraser uses. */
type AsksToErase = Contract & {
  operations: { acknowledgeErasure: unknown };
  events: { 'customer.erase_requested': unknown; 'customer.erased': unknown };
};

export interface EraserOptions<Of extends Contract> {
  app: Pick<App<Of>, 'contract' | 'database' | 'client' | 'now'>;
  /** The contract of customers, which ask for erasures and wait for every domain that keeps data of persons. */
  customers: AsksToErase;
  /** Deletes what tells who these customers are: one person under all the ids it ever had. Runs again for what came in between. */
  erase: (tx: Transaction<Of>, customerIds: readonly string[]) => Promise<void>;
}

const requested = z.object({ customerId: z.string(), alsoKnownAs: z.array(z.string()), services: z.array(z.string()) });
const completed = z.object({ customerId: z.string() });

/**
 * Erases a person when customers ask for it and acknowledges that, and erases again when all have acknowledged: what came in between goes too.
 * The domain's schema has the table
 * erasure (customer_id text PRIMARY KEY, erased_at timestamptz NOT NULL, acknowledged_at timestamptz).
 */
export const eraser = <Of extends Contract>({ app, customers, erase }: EraserOptions<Of>): Eraser => {
  const asking: Contract = customers;
  const forget = async (tx: Transaction, customerIds: readonly string[]): Promise<void> => {
    await endPersons(tx, customerIds, app.now());
    await erase(tx, customerIds);
    await forgetAnswers(tx, customerIds);
  };
  return {
    reactions: [
      react(asking, 'customer.erase_requested', async ({ data }, tx) => {
        const { customerId, alsoKnownAs, services } = requested.parse(data);
        await forget(tx, [customerId, ...alsoKnownAs]);
        if (services.includes(app.contract.domain)) await oweAcknowledgement(tx, customerId, app.now());
      }),
      react(asking, 'customer.erased', async ({ data }, tx) => forget(tx, [completed.parse(data).customerId])),
    ],
    jobs: [acknowledgeErasures(app, EVERY_MS, (customerId) => acknowledge(app, asking, customerId))],
  };
};

const EVERY_MS = 5_000;

const acknowledge = async (
  app: Pick<App, 'contract' | 'client'>,
  customers: Contract,
  customerId: string,
): Promise<void> => {
  const service = app.contract.domain;
  await app
    .client(customers)
    ['acknowledgeErasure']?.({ customerId, service }, { idempotencyKey: `${service}-erased-${customerId}` });
};

/**
 * Deletes the responses that are remembered for these customers' own requests, and would be for 24 hours: they hold the persons' data. Responses to
 * API keys that concern them are not known by customer; they go when their 24 hours are over.
 */
export const forgetAnswers = (tx: Queryable, customerIds: readonly string[]): Promise<number> =>
  tx.run('DELETE FROM idempotency WHERE caller = ANY($1::text[])', [customerIds.map((id) => `customer:${id}`)]);

/** Remembers, in the transaction that erases, that this has to be acknowledged. */
const oweAcknowledgement = async (tx: Queryable, customerId: string, at: Date): Promise<void> => {
  await tx.run('INSERT INTO erasure (customer_id, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [customerId, at]);
};

const BATCH = 50;

/**
 * A job that acknowledges what is owed, again next time when customers cannot be reached. A 404 means that customers know nothing of the erasure:
 * then nothing is left to acknowledge.
 */
const acknowledgeErasures = (
  { database, now }: { database: Database; now: () => Date },
  everyMs: number,
  send: (customerId: string) => Promise<unknown>,
): Job => ({
  name: 'acknowledge-erasures',
  everyMs,
  run: async () => {
    const owed = await database.rows<{ customer_id: string }>(
      'SELECT customer_id FROM erasure WHERE acknowledged_at IS NULL ORDER BY customer_id LIMIT $1',
      [BATCH],
    );
    for (const { customer_id: customerId } of owed) {
      await send(customerId).catch((error: unknown) => {
        if (!(error instanceof Problem && error.status === 404)) throw error;
      });
      await database.run('UPDATE erasure SET acknowledged_at = $2 WHERE customer_id = $1', [customerId, now()]);
    }
    return owed.length === BATCH;
  },
});
