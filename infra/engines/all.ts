import { cql } from './cql/index.ts';
import type { Engine } from './engine.ts';
import { kafka } from './kafka/index.ts';
import { sql } from './sql/index.ts';

export const ENGINES: readonly Engine[] = [kafka, cql, sql];

/** Engines by name, all when none is named. Throws on a name that is none. */
export const enginesNamed = (names: readonly string[]): Engine[] => {
  if (names.length === 0) return [...ENGINES];
  return names.map((name) => {
    const found = ENGINES.find((engine) => engine.name === name);
    if (!found)
      throw new Error(`There is no engine "${name}". There are ${ENGINES.map((one) => one.name).join(', ')}.`);
    return found;
  });
};
