import { currentContext } from '../../chassis/context.ts';
import type { Tx } from '../context.ts';
import { OWN } from '../policy.ts';
import { emptyPersonal, lockTrail } from '../store/trail.ts';
import { appendOwn } from './record.ts';

/**
 * Forgets where these customers were when they acted. What they did stays, under their identifiers, which nobody can
 * trace to a person any more. The trail says that it happened, so that the missing data is explained.
 */
export const erasePersons = async (tx: Tx, customerIds: readonly string[], now: Date): Promise<void> => {
  const { head } = await lockTrail(tx);
  const { correlationId } = currentContext();
  const own = (await emptyPersonal(tx, customerIds)).map((resource) => ({
    ...{ operation: OWN.erased, resource, correlationId },
  }));
  await appendOwn(tx, head, own, now);
};
