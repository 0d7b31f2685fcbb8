/**
 * A list of columns for SELECT and RETURNING that reads rows in the contract's names: `columns(['id', 'ownerId'], 'r')`
 * is `r.id, r.owner_id AS "ownerId"`. Names must be identifiers from the code, never input.
 */
export const columns = (names: readonly string[], table?: string): string =>
  names.map((name) => column(name, table === undefined ? '' : `${table}.`)).join(', ');

const column = (name: string, prefix: string): string => {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw new Error(`"${name}" is no name of a column`);
  const inDatabase = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return inDatabase === name ? `${prefix}${name}` : `${prefix}${inDatabase} AS "${name}"`;
};
