import { command } from '../../chassis/http/command.ts';
import { after, illegalMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { ProductRecord } from '../policy/record.ts';
import { productStates, type ProductMove } from '../policy/states.ts';
import { saveProducts } from '../store/products.ts';
import { lockReference, openProduct, requireComplete } from './change.ts';
import { describeProduct, productFacts } from './describe.ts';

type Names = 'submitProduct' | 'rejectProduct' | 'publishProduct' | 'archiveProduct' | 'restoreProduct';

/** Moves of a product between its states. */
export const lifecycleHandlers = ({ now }: Context): Pick<Handlers, Names> => ({
  submitProduct: command(async (tx, input, { errors }) => {
    const product = await moveProduct(tx, 'submit', input, now(), errors);
    tx.append('product.submitted', product.id, productFacts(product));
    return describeProduct(tx, product, now());
  }),

  rejectProduct: command(async (tx, input, { errors }) => {
    const product = await moveProduct(tx, 'reject', input, now(), errors);
    tx.append('product.rejected', product.id, { ...productFacts(product), reason: input.reason ?? null });
    return describeProduct(tx, product, now());
  }),

  publishProduct: command(async (tx, input, { errors }) => {
    const product = await moveProduct(tx, 'publish', input, now(), errors);
    tx.append('product.published', product.id, productFacts(product));
    return describeProduct(tx, product, now());
  }),

  archiveProduct: command(async (tx, input, { errors }) => {
    const product = await moveProduct(tx, 'archive', input, now(), errors);
    tx.append('product.archived', product.id, productFacts(product));
    return describeProduct(tx, product, now());
  }),

  restoreProduct: command(async (tx, input, { errors }) => {
    const product = await moveProduct(tx, 'restore', input, now(), errors);
    tx.append('product.restored', product.id, productFacts(product));
    return describeProduct(tx, product, now());
  }),
});

const moveProduct = async (
  tx: Tx,
  move: ProductMove,
  { productId, expectedVersion }: { productId: string; expectedVersion?: number | undefined },
  now: Date,
  errors: Failures<'publishProduct'>,
): Promise<ProductRecord> => {
  const before = await openProduct(tx, productId, expectedVersion, errors);
  const state = after(productStates, before.state, move);
  if (!state) {
    throw errors.ILLEGAL_STATE(
      ...illegalMove(productStates, { name: `Product ${productId}`, state: before.state }, move),
    );
  }
  const at = now.toISOString();
  const product = {
    ...before,
    state,
    version: before.version + 1,
    updatedAt: at,
    publishedAt: state === 'published' ? at : before.publishedAt,
  };
  if (state === 'published') await requireComplete(tx, product, await lockReference(tx, [product]), now, errors);
  await saveProducts(tx, [product]);
  return product;
};
