import type { Manifest } from '../helm.ts';

type Labels = Record<string, string>;

interface Peer {
  podSelector?: { matchLabels?: Labels };
  namespaceSelector?: { matchLabels?: Labels };
  ipBlock?: object;
}

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number }[];
}

interface Policy {
  podSelector: { matchLabels?: Labels };
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/** A pod as network policies see it. */
export interface Pod {
  namespace: string;
  labels: Labels;
}

const fits = (selector: { matchLabels?: Labels } | undefined, labels: Labels): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);

/** A peer without a namespace selector is in the policy's own namespace. */
const isPeer = (peer: Peer, pod: Pod, own: string): boolean => {
  if (peer.ipBlock) return false;
  const inNamespace = peer.namespaceSelector
    ? fits(peer.namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace })
    : pod.namespace === own;
  return inNamespace && fits(peer.podSelector, pod.labels);
};

/**
 * True when network policies of a namespace let one pod open a connection to a port of another: the policies of the
 * first for egress and those of the second for ingress, each only where some policy selects the pod (Kubernetes'
 * NetworkPolicy API). Pods of other namespaces have no policies here.
 */
export const reaches = (
  manifests: readonly Manifest[],
  namespace: string,
  { from, to, port }: { from: Pod; to: Pod; port: number },
): boolean => {
  const policies = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ spec }) => spec as unknown as Policy);
  const lets = (pod: Pod, type: 'Ingress' | 'Egress', other: Pod): boolean => {
    if (pod.namespace !== namespace) return true;
    const selecting = policies.filter(
      ({ podSelector, policyTypes }) => policyTypes.includes(type) && fits(podSelector, pod.labels),
    );
    if (selecting.length === 0) return true;
    const rules = selecting.flatMap((policy) => (type === 'Ingress' ? policy.ingress : policy.egress) ?? []);
    return rules.some((rule) => {
      const peers = type === 'Ingress' ? rule.from : rule.to;
      const open = !rule.ports || rule.ports.some((one) => one.port === port);
      return open && (!peers || peers.some((peer) => isPeer(peer, other, namespace)));
    });
  };
  return lets(from, 'Egress', to) && lets(to, 'Ingress', from);
};
