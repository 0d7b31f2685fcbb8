import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/**
 * The check of a node's certificate (`checkServerIdentity` of node:tls). The client connects to the addresses that
 * names stand for, and certificates seldom hold addresses: those are good too that are made out to the host of a
 * contact point ("host:port"). So each node of a cluster has its address in its certificate, or one of these names, or
 * a wildcard for them.
 */
export const identityCheck =
  (contactPoints: readonly string[]) =>
  (address: string, certificate: PeerCertificate): Error | undefined => {
    const wrong = checkServerIdentity(address, certificate);
    const hosts = contactPoints.map((point) => point.replace(/:\d+$/, ''));
    return wrong && hosts.every((host) => checkServerIdentity(host, certificate)) ? wrong : undefined;
  };
