import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import { deleteOnce, insertOnce } from '../store/once.ts';

/** What must happen once: the first attempt to say so is the first, exactly. */
export const onceHandlers = ({ now }: Context): Pick<Handlers, 'claimOnce' | 'releaseOnce'> => ({
  claimOnce: command(async (tx, { step, key = '' }) => ({
    key,
    step,
    ...(await insertOnce(tx, { key, step }, now().toISOString())),
  })),

  releaseOnce: command(async (tx, { step, key = '' }) => ({
    key,
    step,
    released: await deleteOnce(tx, { key, step }),
  })),
});
