/**
 * The bytes that a Range header asks for (RFC 9110, section 14.2), both ends included. `whole` when there is no header,
 * or one that a server may ignore: another unit, several ranges, a syntax error.
 */
export const rangeOf = (
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'whole' | 'unsatisfiable' => {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '')
    return Number(last) === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - Number(last)), end: size - 1 };
  if (last !== '' && Number(last) < Number(first)) return 'whole';
  if (Number(first) >= size) return 'unsatisfiable';
  return { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
};
