/**
 * A stored value with the version that compare-and-set asks for. Versions of a key only grow, also over a delete and
 * where clocks differ by less than an hour; `putNewer` alone can go back, after a delete.
 */
export interface Versioned<Value> {
  value: Value;
  version: number;
}

/**
 * Fast state by key: sessions, carts in progress, read models, approximate counters. ScyllaDB (CQL) at scale, SQL
 * embedded; both pass the same tests. Keys live in a `space` (one a use); values are JSON.
 */
export interface KeyValue {
  /** The live value, or undefined when absent or run out. */
  get<Value>(space: string, key: string): Promise<Versioned<Value> | undefined>;
  /** Writes whatever was there; `ttlSeconds` lets it run out. Returns the new version. */
  put<Value>(space: string, key: string, value: Value, options?: { ttlSeconds?: number }): Promise<number>;
  /**
   * Writes under a version of the caller's own (from 1 up), and only over what has a lower one or is absent: for what
   * is derived from elsewhere and may come in any order, or twice. True when it was written; made again after an error
   * it can be false for a write of one's own. Versions that `put` gives are far higher: a key is written either by
   * version or by the others, and once deleted takes any version again.
   */
  putNewer<Value>(space: string, key: string, value: Value, version: number): Promise<boolean>;
  /**
   * Writes only when the live version is `expected` (0: absent). Returns the new version, or undefined when somebody
   * else was first.
   */
  compareAndSet<Value>(
    space: string,
    key: string,
    expected: number,
    value: Value,
    options?: { ttlSeconds?: number },
  ): Promise<number | undefined>;
  delete(space: string, key: string): Promise<void>;
  /**
   * Adds to a counter and returns its new value. Approximate: a beat may be lost or counted twice when a node fails.
   * Never for money or stock.
   */
  increment(space: string, key: string, by?: number): Promise<number>;
  count(space: string, key: string): Promise<number>;
  /** Puts a member into a sorted set. */
  rank(space: string, set: string, member: string, score: number): Promise<void>;
  unrank(space: string, set: string, member: string): Promise<void>;
  /**
   * Members with `from` ≤ score ≤ `to`, ascending by score then member (descending with `reverse`), `limit` at most.
   */
  range(
    space: string,
    set: string,
    options: { from?: number; to?: number; limit: number; reverse?: boolean },
  ): Promise<{ member: string; score: number }[]>;
}
