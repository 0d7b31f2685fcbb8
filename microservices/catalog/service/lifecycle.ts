import { command } from '../../chassis/http/command.ts';
import { requireMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { ProductRecord } from '../policy/record.ts';
import { productStates, type ProductMove } from '../policy/states.ts';
import { saveProducts } from '../store/products.ts';
import { lockReference, openProduct, requireComplete } from './change.ts';
import { describeProduct, productFacts } from './describe.ts';

type Names = 'submitProduct' | 'rejectProduct' | 'publishProduct' | 'archiveProduct' | 'restoreProduct';

/** Moves of a product between its states. */
export const lifecycleHandlers = (context: Context): Pick<Handlers, Names> => ({
  submitProduct: moving(context, 'submit', 'product.submitted'),
  publishProduct: moving(context, 'publish', 'product.published'),
  archiveProduct: moving(context, 'archive', 'product.archived'),
  restoreProduct: moving(context, 'restore', 'product.restored'),

  rejectProduct: command(async (tx, { reason = null, ...input }, { errors }) => {
    const product = await moveProduct(tx, 'reject', input, context.now(), errors);
    tx.append('product.rejected', product.id, { ...productFacts(product), reason });
    return describeProduct(tx, product, context);
  }),
});

type Announced = 'product.submitted' | 'product.published' | 'product.archived' | 'product.restored';

/** A move that takes nothing but the product, and the event that tells of it. */
const moving = (context: Context, move: ProductMove, announced: Announced): Handlers['submitProduct'] =>
  command(async (tx, input, { errors }) => {
    const product = await moveProduct(tx, move, input, context.now(), errors);
    tx.append(announced, product.id, productFacts(product));
    return describeProduct(tx, product, context);
  });

const moveProduct = async (
  tx: Tx,
  move: ProductMove,
  { productId, expectedVersion }: { productId: string; expectedVersion?: number | undefined },
  now: Date,
  errors: Failures<'publishProduct'>,
): Promise<ProductRecord> => {
  const before = await openProduct(tx, productId, expectedVersion, errors);
  const moved = { name: `Product ${productId}`, state: before.state };
  const state = requireMove(productStates, moved, move, (detail, { allowed }) =>
    errors.ILLEGAL_STATE(detail, { state: before.state, allowed }),
  );
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
