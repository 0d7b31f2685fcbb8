import { createWatch, DEFAULT_BUDGET, type Breach, type Budget } from './budget.ts';
import { NOTHING_DEPLOYED, versionFor, type Deployment } from './deployment.ts';
import type { Models, StoredModel } from './models.ts';
import type { Registry } from './registry.ts';

/** Scores one input; throws when it cannot. */
export type Score<Input> = (input: Input) => number;

/** A decision as it is recorded. */
export interface Decision {
  score: number;
  /** The version that made it; null: the rules of the service. */
  version: string | null;
  /** True when a version should have decided and the rules stood in for it. */
  degraded: boolean;
  ms: number;
  /** The score of the version that looks on; null when it failed. */
  shadow: { version: string; score: number | null } | null;
}

export interface LiveOptions<Input> {
  name: string;
  models: Models;
  registry: Registry;
  /** Makes a scorer of a registered model. */
  scorerOf: (model: StoredModel) => Score<Input>;
  /** Decides where no version does. */
  rules: Score<Input>;
  /** Milliseconds; only differences count. */
  clock: () => number;
  budget?: Budget;
  /** A version was taken back, and why. */
  onTakenBack?: (version: string, breach: Breach) => void;
}

export interface Live<Input> {
  /** Reads which versions decide, and loads them. Call it at the start and from time to time. */
  refresh(): Promise<void>;
  /** Decides by the version for this key. Never throws for a version's sake: then the rules decide. */
  decide(key: string, input: Input): Decision;
  /** Tells the registry of versions that left their budget; they decide nothing here from that moment on. */
  settle(): Promise<void>;
}

interface Loaded<Input> {
  score: Score<Input>;
  watch: ReturnType<typeof createWatch>;
  decisions: number;
}

/** Decisions between two looks at the budget: a look costs more than a decision. */
const LOOK_EVERY = 50;

/**
 * Decides by the deployed versions of a model, watches each, and takes a version back that fails, is slow, or scores
 * otherwise than when it was proven.
 */
export const createLive = <Input>(options: LiveOptions<Input>): Live<Input> => {
  const { name, models, registry, scorerOf, rules, clock, budget = DEFAULT_BUDGET } = options;
  let deployment: Deployment = NOTHING_DEPLOYED;
  let loaded = new Map<string, Loaded<Input>>();
  const breaches = new Map<string, Breach>();

  const load = async (version: string): Promise<Loaded<Input>> => {
    const model = await models.read(name, version);
    if (!model) throw new Error(`Version ${version} of "${name}" is deployed, but it is not stored any more.`);
    return { score: scorerOf(model), watch: createWatch(model.provenScores, budget), decisions: 0 };
  };

  const attempt = (version: string, input: Input): number | null => {
    const one = loaded.get(version);
    if (!one || breaches.has(version)) return null;
    const startedAt = clock();
    const score = scoreOrNull(one.score, input);
    one.watch.add({ score, ms: clock() - startedAt });
    one.decisions += 1;
    const breach = one.decisions % LOOK_EVERY === 0 ? one.watch.breach() : undefined;
    if (breach) breaches.set(version, breach);
    return score;
  };

  return {
    refresh: async () => {
      const next = await registry.deployment(name);
      const kept = new Map<string, Loaded<Input>>();
      for (const version of [next.current, next.shadow])
        if (version !== null) kept.set(version, loaded.get(version) ?? (await load(version)));
      [deployment, loaded] = [next, kept];
      for (const version of breaches.keys()) if (!kept.has(version)) breaches.delete(version);
    },
    decide: (key, input) => {
      const startedAt = clock();
      const version = versionFor(deployment, key);
      const score = version === null ? null : attempt(version, input);
      const decided = score ?? rules(input);
      const ms = clock() - startedAt;
      const { shadow } = deployment;
      return {
        score: decided,
        version: score === null ? null : version,
        degraded: version !== null && score === null,
        ms,
        shadow: shadow === null || shadow === version ? null : { version: shadow, score: attempt(shadow, input) },
      };
    },
    settle: async () => {
      for (const [version, breach] of breaches) {
        const change = await registry.takeBack(name, version);
        if (change.is === 'changed') options.onTakenBack?.(version, breach);
      }
    },
  };
};

const scoreOrNull = <Input>(score: Score<Input>, input: Input): number | null => {
  try {
    const value = score(input);
    return Number.isFinite(value) ? value : null;
  } catch {
    // A failure is counted against the version; the rules decide in its place.
    return null;
  }
};
