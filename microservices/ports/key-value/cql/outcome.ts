import { CqlOutcomeUnknown, leavesDoubt } from './failures.ts';
import { MOST_DOUBTS, pauseInDoubt, type Conditional } from './session.ts';

export interface DoubtfulWrite {
  /** The written thing, for error messages. */
  what: string;
  /**
   * Sends the conditional write. It may come to it again, and the server may carry out both: once it took effect, its
   * condition can never hold again.
   */
  send: () => Promise<Conditional>;
  /** Asks with a SERIAL read whether this very write ever took effect. */
  tookEffect: () => Promise<boolean>;
}

export interface Certain extends Conditional {
  /** True when it was sent more than once, so that one may still arrive late. */
  doubted: boolean;
}

/**
 * Makes a conditional write and knows what became of it, also where answers are lost. Such a write may have been done,
 * may wait somewhere and be done later, or may be half agreed on (Paxos), and the next conditional write or SERIAL read
 * of the row completes it or rules it out (https://issues.apache.org/jira/browse/CASSANDRA-12126). So it is sent again:
 * either this one takes effect, which bars the first, or it is refused, and then the condition is gone for the first
 * one too, and a SERIAL read tells whether it had been done before. Throws CqlOutcomeUnknown when after five attempts
 * nobody has answered that, and the server's own error where it says that nothing was done.
 */
export const makeCertain = async ({ what, send, tookEffect }: DoubtfulWrite): Promise<Certain> => {
  let doubt: unknown;
  for (let tried = 1; ; tried += 1) {
    try {
      const made = await send();
      const doubted = doubt !== undefined;
      if (made.applied || !doubted || !(await tookEffect())) return { ...made, doubted };
      return { applied: true, found: {}, doubted };
    } catch (error) {
      if (doubt === undefined && !leavesDoubt(error)) throw error;
      doubt ??= error;
      if (tried === MOST_DOUBTS) throw new CqlOutcomeUnknown(what, doubt);
    }
    await pauseInDoubt(tried);
  }
};
