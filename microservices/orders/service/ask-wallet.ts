import type { OutputOf, PayloadOf } from '../../chassis/contract/index.ts';
import { orMissing } from '../../chassis/problem.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { Context } from '../context.ts';

type Told<Name extends keyof (typeof walletContract)['events']> = PayloadOf<typeof walletContract, Name>;
type Hold = OutputOf<typeof walletContract, 'getHold'>;

/**
 * Asks the wallet whether what its events say of an order's money is so: who can write to the topic, but is not the
 * wallet, changes nothing. Money for other things than orders is not asked about.
 */
export const askWallet = (context: Pick<Context, 'client'>) => {
  const wallet = context.client(walletContract);
  const holdSays = async (
    { holdId, reference }: { holdId: string; reference: string },
    agrees: (hold: Hold) => boolean,
  ): Promise<boolean> => {
    if (!reference.startsWith('ord_')) return false;
    const hold = await orMissing(wallet.getHold({ holdId }));
    return hold?.reference === reference && agrees(hold);
  };
  return {
    isHeld: (told: Told<'wallet.held'>) =>
      holdSays(told, ({ amount }) => amount.amount === told.amount.amount && amount.currency === told.amount.currency),
    // More may have been captured since; the hold may have closed since, but never opens again.
    isCaptured: (told: Told<'wallet.captured'>) =>
      holdSays(
        told,
        ({ captured, state }) =>
          captured.amount >= told.captured.amount && (told.state === 'partially_captured' || state === told.state),
      ),
    isReleased: (told: Told<'wallet.released'>) => holdSays(told, ({ state }) => state === told.state),
    isRefunded: async ({ transferId, holdId, refundReference, amount }: Told<'wallet.refunded'>): Promise<boolean> => {
      const transfer = await orMissing(wallet.getTransfer({ transferId }));
      return (
        transfer?.kind === 'refund' &&
        transfer.holdId === holdId &&
        transfer.reference === refundReference &&
        transfer.amount.amount === amount.amount
      );
    },
  };
};
