import { newId } from '../../chassis/ids.ts';
import type { Wanted } from '../policy/give-back.ts';
import type { Operation } from '../policy/model.ts';

/** How long the process that wrote a movement has for it, until a job takes over. */
const HEAD_START_MS = 20_000;

export const newOperation = (
  paymentId: string,
  wanted: Wanted,
  requestKey: string,
  at: Date,
  headStartMs = HEAD_START_MS,
): Operation => ({
  id: newId('pop'),
  paymentId,
  final: false,
  reference: null,
  reason: null,
  token: null,
  returnUrl: null,
  cause: null,
  ...wanted,
  requestKey,
  state: 'requested',
  failure: null,
  attempts: 0,
  dueAt: new Date(at.getTime() + headStartMs).toISOString(),
  createdAt: at.toISOString(),
  settledAt: null,
});
