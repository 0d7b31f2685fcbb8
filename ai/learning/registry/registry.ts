import type { KeyValue } from '../../../microservices/ports/key-value/port.ts';
import * as moves from './deployment.ts';
import { NOTHING_DEPLOYED, type Change, type Deployment } from './deployment.ts';
import type { Models } from './models.ts';

/** Which version of each model decides; every change is one call, and is whole or not at all. */
export interface Registry {
  deployment(name: string): Promise<Deployment>;
  /** Lets a registered version decide from now on. */
  promote(name: string, version: string): Promise<Change>;
  /** Returns to what decided before. */
  rollBack(name: string): Promise<Change>;
  /** Scores each request with a registered version too, without deciding by it. */
  tryInShadow(name: string, version: string): Promise<Change>;
  /** Lets the shadow decide a part of the requests. */
  giveShare(name: string, share: number): Promise<Change>;
  /**
   * Takes a version back that left its budget: rolls back when it decides, ends its trial when it is the shadow. Of
   * processes that notice at once, one changes something, and the others are refused.
   */
  takeBack(name: string, version: string): Promise<Change>;
}

const SPACE = 'model-deployments';
/** People and processes that change one deployment at once; each time, one of them gets through. */
const TRIES = 50;

/** Deployments in a key-value store, of models that are registered. */
export const openRegistry = (keyValue: KeyValue, models: Models): Registry => {
  const change = async (name: string, move: (deployment: Deployment) => Change): Promise<Change> => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const stored = await keyValue.get<Deployment>(SPACE, name);
      const result = move(stored?.value ?? NOTHING_DEPLOYED);
      if (result.is === 'refused') return result;
      if (await keyValue.compareAndSet(SPACE, name, stored?.version ?? 0, result.deployment)) return result;
    }
    throw new Error(`The deployment of "${name}" was changed by others ${TRIES} times in a row. Try again.`);
  };
  const registered = async (
    name: string,
    version: string,
    move: (deployment: Deployment) => Change,
  ): Promise<Change> =>
    (await models.read(name, version))
      ? change(name, move)
      : {
          is: 'refused',
          reason: `There is no version ${version} of "${name}". List its versions to find the right one.`,
        };
  return {
    deployment: async (name) => (await keyValue.get<Deployment>(SPACE, name))?.value ?? NOTHING_DEPLOYED,
    promote: (name, version) => registered(name, version, (deployment) => moves.promote(deployment, version)),
    rollBack: (name) => change(name, moves.rollBack),
    tryInShadow: (name, version) => registered(name, version, (deployment) => moves.tryInShadow(deployment, version)),
    giveShare: (name, share) => change(name, (deployment) => moves.giveShare(deployment, share)),
    takeBack: (name, version) =>
      change(name, (deployment) => {
        if (deployment.current === version) return moves.rollBack(deployment);
        if (deployment.shadow === version) return moves.endTrial(deployment);
        return { is: 'refused', reason: `Version ${version} of "${name}" neither decides nor is tried.` };
      }),
  };
};
