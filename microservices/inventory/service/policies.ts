import type { InputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { inventoryContract } from '../contract.ts';
import type { Level } from '../contract/shapes.ts';
import { ensureLevels, refreshed } from '../store/levels.ts';
import { applyDefaults, lockLevels, readDefaults, writeDefaults, writePolicies } from '../store/policies.ts';
import { aboutLevel, announceCrossings, levelAggregate } from './announce.ts';
import { noLocation } from './refusals.ts';

type Names = 'setLevel' | 'setLevels' | 'getStockDefaults' | 'setStockDefaults';
type Rules = InputOf<typeof inventoryContract, 'setLevel'>;

/** The rules of levels, and the defaults of the shop. */
export const policyHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  setLevel: command(async (tx, rules, { errors }) => {
    const [level] = await setRules(tx, [rules], errors);
    if (!level) throw new Error(`The level of ${rules.sku} at ${rules.locationId} vanished under its lock`);
    return level;
  }),

  setLevels: command(async (tx, { levels }, { errors }) => ({ levels: await setRules(tx, levels, errors) })),

  getStockDefaults: async () => readDefaults(database),

  setStockDefaults: command(async (tx, { lowStockThreshold }) => {
    tx.append('inventory.defaults_changed', 'defaults', { lowStockThreshold });
    return writeDefaults(tx, lowStockThreshold);
  }),
});

const setRules = async (tx: Tx, rules: readonly Rules[], errors: Failures<'setLevel'>): Promise<Level[]> => {
  await ensureAll(tx, rules, errors);
  const given = new Map(rules.map((one) => [levelAggregate(one), one]));
  const before = await lockLevels(tx, rules);
  await writePolicies(
    tx,
    before.map((level) => changed(level, given.get(levelAggregate(level)) ?? {}, errors)),
  );
  const after = await lockLevels(tx, rules);
  for (const level of after) announcePolicy(tx, level);
  await announceCrossings(tx, before, after);
  return after;
};

const ensureAll = async (tx: Tx, rules: readonly Rules[], errors: Failures<'setLevel'>): Promise<void> => {
  const byLocation = [...Map.groupBy(rules, ({ locationId }) => locationId)].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  );
  for (const [locationId, here] of byLocation) {
    const skus = here.map(({ sku }) => sku);
    if (!(await ensureLevels(tx, locationId, skus))) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
  }
};

/** A level by its new rules. Throws when backorder is switched off while units are owed. */
const changed = (before: Level, rules: Partial<Rules>, errors: Failures<'setLevel'>): Level => {
  const { followsDefault, ...given } = rules;
  const hasOwn = given.lowStockThreshold !== undefined || followsDefault === false;
  const after = refreshed({
    ...withChanges(before, given),
    followsDefault: followsDefault ?? (hasOwn ? false : before.followsDefault),
  });
  const { sku, short: owed } = after;
  if (before.backorderable && !after.backorderable && owed > 0)
    throw errors.BACKORDERS_OPEN(
      `${owed} of ${sku} are reserved or allocated beyond what is there, so backorder cannot be switched off. Receive them first, or set backorderLimit to 0 to allow no more.`,
      { owed },
    );
  return after;
};

const announcePolicy = (tx: Tx, level: Level): void => {
  const { safety, backorderable, backorderLimit, lowStockThreshold } = level;
  tx.append('inventory.policy_changed', levelAggregate(level), {
    ...aboutLevel(level),
    safety,
    backorderable,
    backorderLimit,
    lowStockThreshold,
  });
};

const BATCH = 200;

/** Brings a batch of levels up to date with the defaults of the shop; true when there may be more. */
export const applyDefaultsBatch = async (tx: Tx): Promise<boolean> => {
  const { before, after } = await applyDefaults(tx, BATCH);
  await announceCrossings(tx, before, after);
  return before.length === BATCH;
};
