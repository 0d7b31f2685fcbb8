import type { StateTable } from '../../chassis/state-machine.ts';
import type { State } from '../contract.ts';

export type Move = 'send' | 'deliver' | 'read' | 'fail' | 'cancel' | 'retry';

export const notificationStates: StateTable<State, Move> = {
  queued: { send: 'sent', fail: 'failed', cancel: 'cancelled' },
  sent: { deliver: 'delivered', read: 'read', fail: 'failed' },
  delivered: { read: 'read', fail: 'failed' },
  read: {},
  failed: { retry: 'queued' },
  cancelled: {},
};

const DONE: Record<Move, readonly State[]> = {
  send: ['sent', 'delivered', 'read'],
  deliver: ['delivered', 'read'],
  read: ['read'],
  fail: ['failed'],
  cancel: ['cancelled'],
  retry: ['queued'],
};

/** True when a move changes nothing because its result is there already: reports may come twice or late. */
export const isDone = (state: State, move: Move): boolean => DONE[move].includes(state);
