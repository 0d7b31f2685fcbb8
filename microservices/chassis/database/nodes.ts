import { connect as openSocket } from 'node:net';
import pg from 'pg';

/** A server of a YugabyteDB cluster, as its function yb_servers() names it. */
export interface ClusterNode {
  host: string;
  port: number;
  /** cloud.region.zone */
  place: string;
}

const REFRESH_MS = 300_000;
const REACH_MS = 1_000;

/** The cluster that a database URL names; undefined without `load_balance=true`. */
const wishesOf = (url: string): { places: string[] } | undefined => {
  const { searchParams } = new URL(url);
  if (searchParams.get('load_balance') !== 'true') return undefined;
  return { places: (searchParams.get('topology_keys') ?? '').split(',').filter(Boolean) };
};

/**
 * A pg client that connects to the nodes of a YugabyteDB cluster in turn, when the URL says `load_balance=true`: what
 * YugabyteDB's smart drivers do (their parameters `load_balance` and `topology_keys`,
 * https://docs.yugabyte.com/stable/develop/drivers-orms/smart-drivers/), on the driver that everything else here is
 * tested with. Nodes are asked for every five minutes; read replicas are left out, because decisions are read from the
 * primary; nodes of the places in `topology_keys` (`cloud.region.zone`, or `cloud.region.*`) come first, and one that
 * does not answer is passed over. Undefined for any other URL.
 */
export const spreadingClient = (url: string): typeof pg.Client | undefined => {
  const wishes = wishesOf(url);
  if (!wishes) return undefined;
  const next = nodesInTurn(url, wishes.places);
  return class SpreadingClient extends pg.Client {
    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | void {
      const connected = next().then((node) => {
        Object.assign(this, node);
        return super.connect();
      });
      if (!callback) return connected;
      connected.then(
        (client) => callback(null as never, client),
        (error: Error) => callback(error as never, this),
      );
    }
  };
};

/** pg declares two kinds of callbacks and calls both like this. */
type Connected = (error: never, client: pg.Client) => void;

/** Returns where the next connection should go; an empty answer leaves it to the URL. */
const nodesInTurn = (url: string, places: readonly string[]) => {
  let known: Promise<ClusterNode[]> | undefined;
  let asked = 0;
  let turn = 0;
  return async (): Promise<Pick<ClusterNode, 'host' | 'port'> | undefined> => {
    if (!known || Date.now() - asked > REFRESH_MS) {
      asked = Date.now();
      known = readNodes(url).catch(() => []);
    }
    const nodes = byPlace(await known, places);
    const start = turn++;
    for (const group of nodes)
      for (let step = 0; step < group.length; step += 1) {
        const node = group[(start + step) % group.length];
        if (node && (await isReached(node))) return { host: node.host, port: node.port };
      }
    // Nobody known answers: the next connection asks anew, by the address that we were given.
    known = undefined;
    return undefined;
  };
};

/** First those in the wanted places, then all others. */
export const byPlace = (nodes: readonly ClusterNode[], places: readonly string[]): ClusterNode[][] => {
  const isWanted = ({ place }: ClusterNode): boolean =>
    places.some((wanted) => place === wanted || (wanted.endsWith('.*') && place.startsWith(wanted.slice(0, -1))));
  return [nodes.filter(isWanted), nodes.filter((node) => !isWanted(node))];
};

const readNodes = async (url: string): Promise<ClusterNode[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // Its death is told by the query's failure.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<ClusterNode>(NODES);
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const NODES = `
SELECT host, port::int AS port, concat_ws('.', cloud, region, zone) AS place
FROM yb_servers() WHERE node_type = 'primary' ORDER BY host, port`;

const isReached = ({ host, port }: ClusterNode): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = openSocket({ host, port, timeout: REACH_MS });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
