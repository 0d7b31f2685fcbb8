import { numberIn, readCsv } from '../../learning/csv.ts';
import { elasticities, type Elasticity, type Sale } from '../model/elasticity.ts';

/** Reads sales of brands by store and week: a CSV file with sales, price, brand and feat (1 when promoted). */
const readSales = (path: string): Sale[] =>
  readCsv(path, ['sales', 'price', 'brand', 'feat']).map(({ sales, price, brand, feat }) => ({
    group: brand,
    price: numberIn('price', price),
    quantity: numberIn('sales', sales),
    promoted: feat === '1',
  }));

const shown = ({ elasticity, standardError, rows }: Elasticity) => ({
  elasticity: Number(elasticity.toFixed(3)),
  standard_error: Number(standardError.toFixed(3)),
  rows,
});

export const measureElasticities = (path: string) => {
  const { pooled, byGroup, byPromotion } = elasticities(readSales(path));
  return {
    pooled: shown(pooled),
    by_brand: Object.fromEntries([...byGroup].map(([group, one]) => [group, shown(one)])),
    by_promotion: Object.fromEntries(
      [...byPromotion].map(([group, { regular, promoted }]) => [
        group,
        { regular: shown(regular), promoted: shown(promoted) },
      ]),
    ),
  };
};
