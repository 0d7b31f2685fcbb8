/** The record with what a change says; null clears a field, `undefined` and what is not named leave it as it is. */
export const withChanges = <Of extends object>(
  record: Of,
  changes: { [Name in keyof Of]?: Of[Name] | undefined },
): Of => ({
  ...record,
  ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
});
