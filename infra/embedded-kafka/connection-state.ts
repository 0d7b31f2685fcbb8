import type { Socket } from 'node:net';
import type { Frame, FrameCutter } from './frames.ts';
import type { BrokerState } from './requests/broker-state.ts';
import type { Mechanisms, Session } from './sign-in/session.ts';

export type Traffic = { requests: number; bytesIn: number; bytesOut: number };

/** Limits of one connection, in bytes and milliseconds. */
export type ConnectionLimits = {
  /** A larger request closes its connection. */
  readonly maxFrameBytes: number;
  /** A client that has not signed in by then is closed. */
  readonly signInMs: number;
  /** A request that has begun to arrive must be whole by then. */
  readonly frameMs: number;
  /** A client that asks for nothing and waits for nothing so long is closed. */
  readonly idleMs: number;
  /** A fetch that finds nothing returns empty after this, also when its client would wait longer. */
  readonly fetchWaitMs: number;
};

export type ConnectionOptions = {
  readonly state: BrokerState;
  readonly traffic: Traffic;
  readonly limits: ConnectionLimits;
  readonly mechanisms: Mechanisms;
  readonly advertised: () => { host: string; port: number };
  readonly onSignedIn: () => void;
};

export type Connection = Omit<ConnectionOptions, 'mechanisms' | 'onSignedIn'> & {
  readonly socket: Socket;
  readonly cutter: FrameCutter;
  readonly session: Session;
  readonly waiting: Frame[];
  readonly closeListeners: Set<() => void>;
  waitingBytes: number;
  answering: Promise<void> | null;
  isSending: boolean;
  signInTimer: NodeJS.Timeout | undefined;
  frameTimer: NodeJS.Timeout | undefined;
};

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function closeWithReason(
  connection: Connection,
  reason: string,
  level: 'info' | 'warn' | 'error' = 'warn',
): void {
  const { socket, state } = connection;
  const client = `${socket.remoteAddress ?? 'a client'}:${socket.remotePort ?? ''}`;
  if (!socket.destroyed)
    state.log({ level, message: `closed the connection from ${client}: ${reason}`, client, reason });
  socket.destroy();
}
