/**
 * Throws the failure that `refuse` makes when a thing, read under its lock, is not at the version that the caller
 * knows. A thing that is not there has none; 0 stands for it.
 */
export const requireVersion = (
  { name, version }: { name: string; version: number | undefined },
  expected: number | undefined,
  refuse: (detail: string, data: { expected: number; actual: number }) => Error,
): void => {
  if (expected === undefined || expected === (version ?? 0)) return;
  const now = version === undefined ? 'is not there yet' : `is at version ${version}`;
  throw refuse(`${name} ${now}, not at version ${expected}. Read it again and repeat the change.`, {
    expected,
    actual: version ?? 0,
  });
};
