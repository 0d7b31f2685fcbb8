import type { Socket } from 'node:net';
import { serveConnection } from './connection.ts';
import { closeWithReason, type Connection, type ConnectionLimits, type Traffic } from './connection-state.ts';
import type { BrokerState } from './requests/broker-state.ts';
import { isSignedIn, type Mechanisms } from './sign-in/session.ts';

const mebibyte = 1024 * 1024;

export type Limits = ConnectionLimits & {
  /** Further connections are closed at once. */
  readonly maxConnections: number;
  /** Of those that have not signed in; one more closes the oldest. */
  readonly maxNotSignedIn: number;
};

export const defaultLimits: Limits = {
  maxFrameBytes: 32 * mebibyte,
  maxConnections: 1000,
  maxNotSignedIn: 100,
  signInMs: 10_000,
  frameMs: 60_000,
  idleMs: 10 * 60_000, // Kafka's own default
  fetchWaitMs: 5 * 60_000,
};

/** All connections of a broker. A Set keeps the order in which they came. */
export type Connections = {
  readonly open: Set<Connection>;
  readonly notSignedIn: Set<Connection>;
  readonly traffic: Traffic;
  readonly accept: (socket: Socket, advertised: Connection['advertised']) => void;
};

/**
 * Takes connections within the limits. Those that have not signed in make room for newcomers, the oldest first: who can
 * sign in does so within milliseconds, and nobody else keeps others out.
 */
export function openConnections(state: BrokerState, mechanisms: Mechanisms, limits: Limits): Connections {
  const open = new Set<Connection>();
  const notSignedIn = new Set<Connection>();
  const traffic: Traffic = { requests: 0, bytesIn: 0, bytesOut: 0 };

  function makeRoom(): boolean {
    const hasRoom = (): boolean => open.size < limits.maxConnections;
    const [oldest] = notSignedIn;
    if (oldest && (!hasRoom() || notSignedIn.size >= limits.maxNotSignedIn)) {
      closeWithReason(oldest, 'others came while it had not signed in');
      forget(oldest);
    }
    return hasRoom();
  }

  function forget(connection: Connection): void {
    open.delete(connection);
    notSignedIn.delete(connection);
  }

  function accept(socket: Socket, advertised: Connection['advertised']): void {
    if (!makeRoom()) {
      const message = `refused a connection: ${limits.maxConnections} are open, limits.maxConnections allows no more`;
      state.log({ level: 'warn', message });
      socket.destroy();
      return;
    }
    const onSignedIn = (): void => void notSignedIn.delete(connection);
    const connection = serveConnection(socket, { state, traffic, limits, mechanisms, advertised, onSignedIn });
    open.add(connection);
    if (!isSignedIn(connection.session)) notSignedIn.add(connection);
    socket.on('close', () => forget(connection));
  }

  return { open, notSignedIn, traffic, accept };
}
