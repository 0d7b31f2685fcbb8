import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { campaign, type Campaign, type CampaignState } from '../contract/values.ts';

const STORED = Object.keys(campaign.omit({ taken: true }).shape);

/** Without a cap nobody counts seats on the campaign's row, which all of its joiners would have to lock. */
const CAMPAIGN = `${columns(STORED, 'c')}, CASE WHEN c.stock_cap IS NULL
  THEN (SELECT count(*)::int FROM seat s WHERE s.campaign_id = c.id AND s.state IN ('claimed', 'held', 'won', 'ordered'))
  ELSE c.taken END AS taken`;

export const insertCampaign = async (tx: Queryable, row: Campaign): Promise<void> => {
  await tx.run(
    `INSERT INTO campaign (id, name, sku, product_id, currency, tiers, starts_at, ends_at, team_minutes, stock_cap, seats_per_customer,
       audience, customer_group, many_teams, list_price, tax_inclusive, state, version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
    [
      row.id,
      row.name,
      row.sku,
      row.productId,
      row.currency,
      JSON.stringify(row.tiers),
      row.startsAt,
      row.endsAt,
      row.teamMinutes,
      row.stockCap,
      row.seatsPerCustomer,
      row.audience,
      row.customerGroup,
      row.manyTeams,
      row.listPrice,
      row.taxInclusive,
      row.state,
      row.version,
      row.createdAt,
      row.updatedAt,
    ],
  );
};

/** Writes what can change in a draft. */
export const updateTerms = async (tx: Queryable, row: Campaign): Promise<void> => {
  await tx.run(
    `UPDATE campaign SET name = $2, tiers = $3::jsonb, starts_at = $4, ends_at = $5, team_minutes = $6, stock_cap = $7,
       seats_per_customer = $8, audience = $9, customer_group = $10, many_teams = $11, list_price = $12, tax_inclusive = $13,
       version = $14, updated_at = $15
     WHERE id = $1`,
    [
      row.id,
      row.name,
      JSON.stringify(row.tiers),
      row.startsAt,
      row.endsAt,
      row.teamMinutes,
      row.stockCap,
      row.seatsPerCustomer,
      row.audience,
      row.customerGroup,
      row.manyTeams,
      row.listPrice,
      row.taxInclusive,
      row.version,
      row.updatedAt,
    ],
  );
};

export const findCampaign = (db: Queryable, id: string): Promise<Campaign | undefined> =>
  db.maybeOne<Campaign>(`SELECT ${CAMPAIGN} FROM campaign c WHERE c.id = $1`, [id]);

/** What a claim needs, without counting seats. */
export const findTerms = (db: Queryable, id: string): Promise<Omit<Campaign, 'taken'> | undefined> =>
  db.maybeOne<Omit<Campaign, 'taken'>>(`SELECT ${columns(STORED, 'c')} FROM campaign c WHERE c.id = $1`, [id]);

export const lockCampaign = (tx: Queryable, id: string): Promise<Campaign | undefined> =>
  tx.maybeOne<Campaign>(`SELECT ${CAMPAIGN} FROM campaign c WHERE c.id = $1 FOR UPDATE OF c`, [id]);

export const setState = async (tx: Queryable, id: string, state: CampaignState, at: string): Promise<void> => {
  await tx.run(`UPDATE campaign SET state = $2, version = version + 1, updated_at = $3 WHERE id = $1`, [id, state, at]);
};

export const listCampaigns = (
  db: Queryable,
  filter: { state?: CampaignState | undefined; sku?: string | undefined; limit: number },
  before?: string,
): Promise<Campaign[]> =>
  db.rows<Campaign>(
    `SELECT ${CAMPAIGN} FROM campaign c
     WHERE ($1::text IS NULL OR c.state = $1) AND ($2::text IS NULL OR c.sku = $2) AND ($3::text IS NULL OR c.id < $3)
     ORDER BY c.id DESC LIMIT $4`,
    [filter.state, filter.sku, before, filter.limit + 1],
  );

/** Open campaigns of SKUs or products, at their moment. */
export const findOpen = (
  db: Queryable,
  { skus, productIds, at }: { skus: readonly string[]; productIds: readonly string[]; at: Date },
): Promise<Campaign[]> =>
  db.rows<Campaign>(
    `SELECT ${columns(STORED, 'c')}, 0 AS taken FROM campaign c
     WHERE c.state = 'open' AND c.ends_at > $3 AND (c.sku = ANY($1::text[]) OR c.product_id = ANY($2::text[]))
     ORDER BY c.sku, c.id DESC LIMIT 500`,
    [skus, productIds, at],
  );

/** Counts a seat against the cap; false when all are taken. */
export const takeOfCap = async (tx: Queryable, id: string): Promise<boolean> =>
  (await tx.run(`UPDATE campaign SET taken = taken + 1 WHERE id = $1 AND taken < stock_cap`, [id])) === 1;

/** Gives seats back to the cap; nothing without one. */
export const giveBackToCap = async (tx: Queryable, id: string, seats: number): Promise<void> => {
  if (seats > 0)
    await tx.run(`UPDATE campaign SET taken = taken - $2 WHERE id = $1 AND stock_cap IS NOT NULL`, [id, seats]);
};

/** Moves what is due: scheduled ones open, and whatever runs closes at its end. Returns at most `limit` of them. */
export const moveDue = (tx: Queryable, at: Date, limit: number): Promise<Campaign[]> =>
  tx.rows<Campaign>(
    `UPDATE campaign c SET state = CASE WHEN c.ends_at <= $1 THEN 'closed' ELSE 'open' END, version = c.version + 1, updated_at = $1
     WHERE c.id IN (SELECT id FROM campaign
       WHERE (state = 'scheduled' AND starts_at <= $1) OR (state IN ('open', 'paused') AND ends_at <= $1)
       ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING ${columns(STORED, 'c')}, c.taken`,
    [at, limit],
  );
