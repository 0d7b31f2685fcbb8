/**
 * What a refresh token comes to: the next pair, the pair that it was exchanged for a moment ago, or the end of its
 * session.
 */
export type RefreshOutcome = 'advance' | 'repeat' | 'reused';

export interface RefreshState {
  /** Which token is good now; each exchange makes the next one good. */
  generation: number;
  /** When that was. */
  advancedAt: Date;
}

/**
 * Judges the token of a generation. The good one advances. The one just before it repeats for a moment, as long as its
 * successor was not used: two tabs refreshed at once, or the response was lost. Any other was copied.
 */
export const refreshOutcome = (
  { generation, advancedAt }: RefreshState,
  presented: number,
  now: Date,
  graceSeconds: number,
): RefreshOutcome => {
  if (presented === generation) return 'advance';
  const isInTime = now.getTime() - advancedAt.getTime() < graceSeconds * 1_000;
  return presented === generation - 1 && isInTime ? 'repeat' : 'reused';
};
