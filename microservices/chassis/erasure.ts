import { z } from 'zod';
import type { App } from './app.ts';
import { forgetPlaces } from './audit/store.ts';
import type { Client } from './client.ts';
import type { Contract } from './contract/index.ts';
import type { Queryable } from './database/index.ts';
import {
  endWait,
  idsOf,
  isWaiting,
  lockWait,
  noteReported,
  noteWait,
  unreported,
  waitingCustomers,
  type Asked,
} from './erasure-wait.ts';
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

/**
 * The parts of a service with its eraser's. Throws when the contract says `personalData` and there is none, or the
 * reverse.
 */
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
  operations: { acknowledgeErasure: unknown; postponeErasure: unknown; getErasureAddresses: unknown };
  events: { 'customer.erase_requested': unknown; 'customer.erased': unknown };
};

export interface EraserOptions<Of extends Contract> {
  app: Pick<App<Of>, 'contract' | 'database' | 'client' | 'commit' | 'now'>;
  /** The contract of customers, which ask for erasures and wait for every domain that keeps data of persons. */
  customers: AsksToErase;
  /**
   * Deletes what tells who these customers are: one person under all the ids it ever had, and the e-mail addresses that
   * are known to be theirs, for what they did as a guest. Runs again, without addresses, for what came in between.
   */
  erase: (tx: Transaction<Of>, customerIds: readonly string[], emails: readonly string[]) => Promise<void>;
  /**
   * Returns why the erasure has to wait and what ends the wait, in at most 500 characters for staff; undefined when
   * `erase` may run. Asked in the transaction that would erase, and again every few seconds until then.
   */
  waits?: (
    tx: Transaction<Of>,
    customerIds: readonly string[],
    emails: readonly string[],
  ) => Promise<string | undefined>;
}

const requested = z.object({ customerId: z.string(), alsoKnownAs: z.array(z.string()), services: z.array(z.string()) });
const completed = z.object({ customerId: z.string(), alsoKnownAs: z.array(z.string()).default([]) });

/**
 * Erases a person when customers ask for it and acknowledges that, and erases again when all have acknowledged: what
 * came in between goes too. While `waits` gives a reason, nothing is erased and customers are told the reason. The
 * domain's schema has the table erasure (customer_id text PRIMARY KEY, erased_at timestamptz NOT NULL, acknowledged_at
 * timestamptz).
 */
export const eraser = <Of extends Contract>(options: EraserOptions<Of>): Eraser => {
  const { app, erase } = options;
  const asking: Contract = options.customers;
  return {
    reactions: [
      react(
        asking,
        'customer.erase_requested',
        async ({ data }, tx, emails: string[]) => {
          const { services, ...person } = requested.parse(data);
          await eraseOrWait(options, tx, { ...person, emails, acknowledges: services.includes(app.contract.domain) });
        },
        ({ data }) => addressesOf(options, requested.parse(data).customerId),
      ),
      react(asking, 'customer.erased', async ({ data }, tx) => {
        const { customerId, alsoKnownAs } = completed.parse(data);
        const ids = [customerId, ...alsoKnownAs];
        // Also when a person acknowledged in this service's place: what ends the wait erases.
        if (await isWaiting(tx, customerId)) return;
        await endPersons(tx, ids, app.now());
        await erase(tx, ids, []);
        await forgetAnswers(tx, ids);
        await forgetPlaces(tx, ids);
      }),
    ],
    jobs: [acknowledgeErasures(options)],
  };
};

/** Erases the person, or notes why that has to wait. What was remembered of their own requests goes at once. */
const eraseOrWait = async <Of extends Contract>(
  { app, erase, waits }: EraserOptions<Of>,
  tx: Transaction<Of>,
  asked: Asked,
): Promise<void> => {
  const ids = idsOf(asked);
  // First, so that nothing is written about the person from here on, and what was is seen below.
  await endPersons(tx, ids, app.now());
  await forgetAnswers(tx, ids);
  await forgetPlaces(tx, ids);
  const reason = await waits?.(tx, ids, asked.emails);
  if (reason !== undefined) return noteWait(tx, asked, reason, app.now());
  await erase(tx, ids, asked.emails);
  await endWait(tx, asked.customerId);
  if (asked.acknowledges) await oweAcknowledgement(tx, asked.customerId, app.now());
};

/**
 * Deletes the responses that are remembered for these customers' own requests, and would be for 24 hours: they hold the
 * persons' data. Responses to API keys that concern them are not known by customer; they go when their 24 hours are
 * over.
 */
export const forgetAnswers = (tx: Queryable, customerIds: readonly string[]): Promise<number> =>
  tx.run('DELETE FROM idempotency WHERE caller = ANY($1::text[])', [customerIds.map((id) => `customer:${id}`)]);

/** Remembers, in the transaction that erases, that this has to be acknowledged. */
const oweAcknowledgement = async (tx: Queryable, customerId: string, at: Date): Promise<void> => {
  await tx.run('INSERT INTO erasure (customer_id, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [customerId, at]);
};

const EVERY_MS = 2_000;
const BATCH = 50;

/**
 * A job that makes the erasures which no longer wait, and tells customers what is erased and what waits. What fails is
 * tried again next time.
 */
const acknowledgeErasures = <Of extends Contract>(options: EraserOptions<Of>): Job => ({
  name: 'acknowledge-erasures',
  everyMs: EVERY_MS,
  run: async () => {
    for (const customerId of await waitingCustomers(options.app.database, BATCH)) await tryAgain(options, customerId);
    const acknowledged = await sendAcknowledgements(options);
    await reportWaits(options);
    return acknowledged === BATCH;
  },
});

const tryAgain = (options: EraserOptions<Contract>, customerId: string): Promise<void> =>
  options.app.commit(async (tx) => {
    const asked = await lockWait(tx, customerId);
    if (asked) await eraseOrWait(options, tx, asked);
  });

/** Acknowledges what is owed, a bounded number of them, and returns how many. */
const sendAcknowledgements = async (options: Telling): Promise<number> => {
  const { database, contract, now } = options.app;
  const owed = await database.rows<{ customer_id: string }>(
    'SELECT customer_id FROM erasure WHERE acknowledged_at IS NULL ORDER BY customer_id LIMIT $1',
    [BATCH],
  );
  for (const { customer_id: customerId } of owed) {
    const idempotencyKey = `${contract.domain}-erased-${customerId}`;
    await tell(options, 'acknowledgeErasure', { customerId, service: contract.domain }, { idempotencyKey });
    await database.run('UPDATE erasure SET acknowledged_at = $2 WHERE customer_id = $1', [customerId, now()]);
  }
  return owed.length;
};

/** Tells customers the reasons that they do not know yet. Without a key: a reason may come, go and come again. */
const reportWaits = async (options: Telling): Promise<void> => {
  const { database, contract } = options.app;
  for (const { customerId, reason } of await unreported(database, BATCH)) {
    await tell(options, 'postponeErasure', { customerId, service: contract.domain, reason });
    await noteReported(database, customerId, reason);
  }
};

type Telling = { app: Pick<App, 'contract' | 'database' | 'client' | 'now'>; customers: Contract };

const knownAddresses = z.object({ emails: z.array(z.string()) });

/** The e-mail addresses of the person, which events do not carry. None once the erasure is complete. */
const addressesOf = async (telling: Pick<Telling, 'customers'> & { app: Pick<App, 'client'> }, customerId: string) =>
  knownAddresses.safeParse(await tell(telling, 'getErasureAddresses', { customerId })).data?.emails ?? [];

/** A 404 means that customers know nothing of the erasure: then there is nobody to tell. */
const tell = async (
  { app, customers }: Pick<Telling, 'customers'> & { app: Pick<App, 'client'> },
  operation: 'acknowledgeErasure' | 'postponeErasure' | 'getErasureAddresses',
  input: Record<string, string>,
  options?: { idempotencyKey: string },
): Promise<unknown> => {
  const client: Client<Contract> = app.client(customers);
  return client[operation]?.(input, options).catch((error: unknown) => {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  });
};
