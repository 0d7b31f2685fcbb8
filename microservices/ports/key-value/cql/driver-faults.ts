import type { Client, Host } from 'cassandra-driver';

interface Inside extends Client {
  controlConnection: { _refresh(hosts?: Iterator<Host>): Promise<void> };
  options: { pooling: { heartBeatInterval: number } };
}

/**
 * Makes good what cassandra-driver 4.10 does wrong when connections are lost. By its own methods, for there is no other
 * way to reach them: look at it again with every new version (`flap.ts` of the engines loses connections so; the more
 * clients it has, the surer it meets one of these).
 */
export const mendDriver = (client: Client): void => {
  endHostsThatAreReplaced(client);
  refreshOneAtATime(client as Inside);
};

/**
 * When no node answers any more, the client looks its contact points up anew and forgets the hosts that it knew,
 * without ending them: they would connect again beside the new ones, and keep the process from ending after `close`
 * (lib/control-connection.js).
 */
const endHostsThatAreReplaced = (client: Client): void => {
  client.on('hostRemove', (host: Host & { shutdown(waitForPending: boolean): Promise<void> }) => {
    void host.shutdown(true);
  });
};

/**
 * Two refreshes of the control connection at once take the connection from under each other, and the error of one that
 * a timer began is nobody's: it ended the process. So whoever wants one joins the one that is under way; and one that
 * fails all the same is made again.
 */
const refreshOneAtATime = (client: Inside): void => {
  const control = client.controlConnection;
  const refresh = control._refresh.bind(control);
  let underWay: Promise<void> | undefined;
  const again = (error: unknown): void => {
    client.emit('log', 'error', 'ControlConnection', 'A refresh failed and is made again', error);
    setTimeout(() => void control._refresh(), AGAIN_MS).unref();
  };
  // With hosts given it is a refresh that goes on with the next one.
  control._refresh = (hosts) =>
    hosts
      ? refresh(hosts)
      : (underWay ??= refresh()
          .finally(() => (underWay = undefined))
          .catch(again));
};

const AGAIN_MS = 1_000;

/**
 * Closes a client for good. A connection that was lost while it was being made leaves the timer of its heartbeat, which
 * would go on for ever; without heartbeats it is the last one (lib/connection.js).
 */
export const closeClient = async (client: Client): Promise<void> => {
  (client as Inside).options.pooling.heartBeatInterval = 0;
  await client.shutdown();
};
