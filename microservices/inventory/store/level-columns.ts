import { columns } from '../../chassis/database/columns.ts';

/** Units that can be sold, negative where more are promised than are there; for statements that name the level `l`. */
export const UNPROMISED = 'l.on_hand - l.reserved - l.allocated - l.safety';

const FOLLOWS_DEFAULT =
  'l.defaults_revision IS NOT NULL AND (l.defaults_revision > 0 OR l.low_stock_threshold IS NULL)';

/** The columns of a level, for statements that name it `l`. */
export const LEVEL_COLUMNS = `${columns(['sku', 'locationId', 'onHand', 'reserved', 'allocated', 'incoming', 'safety'], 'l')},
  CASE WHEN l.backorderable THEN ${UNPROMISED} ELSE greatest(${UNPROMISED}, 0) END AS available,
  greatest(l.reserved + l.allocated - l.on_hand, 0) AS short,
  ${columns(['backorderable', 'backorderLimit', 'lowStockThreshold', 'updatedAt'], 'l')},
  coalesce(${UNPROMISED} <= l.low_stock_threshold, false) AS low,
  ${FOLLOWS_DEFAULT} AS "followsDefault"`;

/** The same columns by the names that LEVEL_COLUMNS gives them, for statements around such a one. */
export const LEVEL_NAMES = `sku, "locationId", "onHand", reserved, allocated, incoming, safety, available, short,
  backorderable, "backorderLimit", "lowStockThreshold", "updatedAt", low, "followsDefault"`;
