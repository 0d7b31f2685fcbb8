/**
 * Edits between two words: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment
 * distance; Boytsov 2011, "Indexing methods for approximate dictionary searching", section 2).
 */
export const editDistance = (left: string, right: string): number => {
  const a = [...left];
  const b = [...right];
  let beforeLast: number[] = [];
  let last = b.map((_, index) => index).concat(b.length);
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    for (const [j, other] of b.entries()) {
      const substitution = (last[j] ?? 0) + (letter === other ? 0 : 1);
      const swapped =
        i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other ? (beforeLast[j - 1] ?? 0) + 1 : Infinity;
      row.push(Math.min(substitution, swapped, (last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
};
