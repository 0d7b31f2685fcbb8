/** Which versions of a model decide, and which only look on. */
export interface Deployment {
  /** Decides; null before the first promotion: the rules of the service decide. */
  current: string | null;
  /** Versions that decided before, the latest last. */
  earlier: string[];
  /** Also scores each request, and its score is recorded beside; null when nothing is tried. */
  shadow: string | null;
  /** Part of the requests that the shadow decides: 0 while it only looks on. */
  share: number;
}

export const NOTHING_DEPLOYED: Deployment = { current: null, earlier: [], shadow: null, share: 0 };

/** Versions that a roll back can return to. */
const KEEP = 20;

/** A change of the deployment, or why there is none. */
export type Change = { is: 'changed'; deployment: Deployment } | { is: 'refused'; reason: string };

const changed = (deployment: Deployment): Change => ({ is: 'changed', deployment });
const refused = (reason: string): Change => ({ is: 'refused', reason });

/** Tries a version beside the one that decides. */
export const tryInShadow = (deployment: Deployment, version: string): Change =>
  version === deployment.current
    ? refused(`Version ${version} decides already.`)
    : changed({ ...deployment, shadow: version, share: 0 });

/** Lets the shadow decide a part of the requests. */
export const giveShare = (deployment: Deployment, share: number): Change => {
  if (!(share >= 0 && share <= 1)) return refused(`A share lies between 0 and 1, not at ${share}.`);
  if (deployment.shadow === null) return refused('No version is tried in shadow. Put one there first.');
  return changed({ ...deployment, share });
};

/** Lets a version decide everything; the one before can be rolled back to. */
export const promote = (deployment: Deployment, version: string): Change => {
  const { current, earlier, shadow, share } = deployment;
  if (version === current) return refused(`Version ${version} decides already.`);
  const isShadow = version === shadow;
  return changed({
    current: version,
    earlier: current === null ? earlier : [...earlier, current].slice(-KEEP),
    shadow: isShadow ? null : shadow,
    share: isShadow ? 0 : share,
  });
};

/** Returns to the version that decided before; after the first, to the rules of the service. */
export const rollBack = (deployment: Deployment): Change => {
  const { current, earlier, ...tried } = deployment;
  if (current === null) return refused('No version decides, so there is none to roll back from.');
  return changed({ ...tried, current: earlier.at(-1) ?? null, earlier: earlier.slice(0, -1) });
};

/** Ends the trial of a version, for example because it left its budget. */
export const endTrial = (deployment: Deployment): Change =>
  deployment.shadow === null
    ? refused('No version is tried in shadow.')
    : changed({ ...deployment, shadow: null, share: 0 });

/**
 * The version that decides a request: the same one for the same key (an order, a customer) as long as the share stands,
 * and still the same for those it decided when the share grows. Null: the rules of the service.
 */
export const versionFor = ({ current, shadow, share }: Deployment, key: string): string | null =>
  shadow !== null && placeOf(key, shadow) < share ? shadow : current;

/** A place in [0, 1) by the text alone (FNV-1a, then mixed), another for each version: trials are independent. */
const placeOf = (key: string, version: string): number => {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${version} ${key}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};
