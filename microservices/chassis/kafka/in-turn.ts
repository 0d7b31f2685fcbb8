/**
 * Work on the same key is done one after the other, in the order of the calls, whatever became of the work before it;
 * work on different keys side by side.
 */
export const inTurn = (): (<Answer>(keys: readonly string[], work: () => Promise<Answer>) => Promise<Answer>) => {
  const last = new Map<string, Promise<unknown>>();
  return async (keys, work) => {
    const turn = Promise.all(keys.map((key) => last.get(key) ?? Promise.resolve())).then(work);
    const over = turn.catch(() => undefined);
    for (const key of keys) last.set(key, over);
    try {
      return await turn;
    } finally {
      for (const key of keys) if (last.get(key) === over) last.delete(key);
    }
  };
};
