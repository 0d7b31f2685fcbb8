import { closeWithReason, type Connection } from './connection-state.ts';
import { isInFrame } from './frames.ts';

/** A client that takes nothing of its response for this long is gone. */
export const stalledMs = 60_000;

export function watchSignIn(connection: Connection): void {
  const { signInMs } = connection.limits;
  const giveUp = (): void => closeWithReason(connection, `the client did not sign in within ${signInMs} ms`);
  connection.signInTimer = setTimeout(giveUp, signInMs).unref();
}

/** A client that is waiting for us is not idle, however long that takes. */
export function silent(connection: Connection): void {
  if (connection.isSending)
    return closeWithReason(connection, `the client took nothing of a response for ${stalledMs} ms`);
  if (connection.answering === null)
    closeWithReason(connection, `the client was idle for ${connection.limits.idleMs} ms`, 'info');
}

/** A request that has begun to arrive must come to its end; the time in which we do not read does not count. */
export function watchFrame(connection: Connection, isAnother: boolean): void {
  const { frameMs } = connection.limits;
  const isComing = isInFrame(connection.cutter) && !connection.socket.isPaused();
  if (isAnother || !isComing) {
    clearTimeout(connection.frameTimer);
    connection.frameTimer = undefined;
  }
  if (!isComing || connection.frameTimer !== undefined) return;
  const giveUp = (): void => closeWithReason(connection, `a request did not arrive whole within ${frameMs} ms`);
  connection.frameTimer = setTimeout(giveUp, frameMs).unref();
}

export function stopWatching({ signInTimer, frameTimer }: Connection): void {
  clearTimeout(signInTimer);
  clearTimeout(frameTimer);
}
