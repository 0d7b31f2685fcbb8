import { cql } from './cql/index.ts';
import { druid } from './druid/index.ts';
import type { Engine } from './engine.ts';
import { kafka } from './kafka/index.ts';
import { s3, versitygw } from './s3/index.ts';
import { sql } from './sql/index.ts';

/** The engines that start without names: one for each role. */
export const ENGINES: readonly Engine[] = [kafka, cql, s3, sql, druid];

/** Those that must be asked for by name, as they stand in for one of the above. */
export const STAND_INS: readonly Engine[] = [versitygw];

/** Engines by name, `otherwise` when none is named. Throws, saying what there is, on a name that is none. */
export const enginesNamed = (names: readonly string[], otherwise: readonly Engine[] = ENGINES): Engine[] => {
  if (names.length === 0) return [...otherwise];
  const known = [...ENGINES, ...STAND_INS];
  return [...new Set(names)].map((name) => {
    const found = known.find((engine) => engine.name === name);
    if (!found) throw new Error(`There is no engine "${name}". There are ${known.map((one) => one.name).join(', ')}.`);
    return found;
  });
};
