import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { bargainCampaign, type BargainCampaign, type BargainCampaignState } from '../contract/bargain-values.ts';

const CAMPAIGN = columns(Object.keys(bargainCampaign.shape), 'c');

export const insertBargainCampaign = async (tx: Queryable, row: BargainCampaign): Promise<void> => {
  await tx.run(
    `INSERT INTO bargain_campaign (id, name, sku, product_id, currency, list_price, floor_price, tax_inclusive, cuts,
       bargain_minutes, bargains_per_customer, starts_at, ends_at, state, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      row.id,
      row.name,
      row.sku,
      row.productId,
      row.currency,
      row.listPrice,
      row.floorPrice,
      row.taxInclusive,
      row.cuts,
      row.bargainMinutes,
      row.bargainsPerCustomer,
      row.startsAt,
      row.endsAt,
      row.state,
      row.createdAt,
    ],
  );
};

export const findBargainCampaign = (db: Queryable, id: string): Promise<BargainCampaign | undefined> =>
  db.maybeOne<BargainCampaign>(`SELECT ${CAMPAIGN} FROM bargain_campaign c WHERE c.id = $1`, [id]);

export const lockBargainCampaign = (tx: Queryable, id: string): Promise<BargainCampaign | undefined> =>
  tx.maybeOne<BargainCampaign>(`SELECT ${CAMPAIGN} FROM bargain_campaign c WHERE c.id = $1 FOR UPDATE`, [id]);

export const closeBargainCampaign = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run(`UPDATE bargain_campaign SET state = 'closed' WHERE id = $1`, [id]);
};

/** Newest first; one page and one row more. */
export const listBargainCampaigns = (
  db: Queryable,
  filter: { state?: BargainCampaignState | undefined; sku?: string | undefined; limit: number },
  before?: string,
): Promise<BargainCampaign[]> =>
  db.rows<BargainCampaign>(
    `SELECT ${CAMPAIGN} FROM bargain_campaign c
     WHERE ($1::text IS NULL OR c.state = $1) AND ($2::text IS NULL OR c.sku = $2) AND ($3::text IS NULL OR c.id < $3)
     ORDER BY c.id DESC LIMIT $4`,
    [filter.state, filter.sku, before, filter.limit + 1],
  );
