import { walletContract } from '../../microservices/wallet/contract.ts';
import { defineFace } from '../form/face.ts';
import { walletPickers } from './pickers.ts';

export const walletFace = defineFace(walletContract, {
  pickers: walletPickers,
  resources: {
    hold: {
      operations: {
        authorize: { calls: 'authorizeHold' },
        get: 'getHold',
        getMany: { calls: 'listHolds', action: 'Get many holds' },
        capture: 'captureHold',
        void: 'voidHold',
        refund: { calls: 'refundCapture' },
      },
    },
    wallet: {
      operations: {
        getBalances: { calls: 'getBalance', action: 'Get balances of wallet' },
        getStatement: { calls: 'getStatement', action: 'Get statement of wallet' },
        topUp: 'topUp',
        grantCredit: {
          ...{ calls: 'grantCredit', action: 'Grant credit' },
          ...{ prominent: ['expiresAt', 'atMost'], perStep: 'reference' },
        },
        getCredits: { calls: 'listCredits', action: 'Get granted credit' },
        payOut: { calls: 'payOut' },
        writeOff: { calls: 'writeOff', action: 'Write off what an erased customer left' },
        transfer: { calls: 'transfer', action: 'Transfer money between wallets' },
        transferLinked: { calls: 'transferLinked', action: 'Transfer money between many wallets at once' },
      },
    },
    transfer: {
      operations: {
        get: 'getTransfer',
        getMany: { calls: 'listTransfers', action: 'Get many transfers' },
      },
    },
    account: {
      operations: {
        get: 'getAccount',
        getMany: { calls: 'listAccounts', action: 'Get many accounts' },
        open: 'openAccount',
        freeze: 'freezeAccount',
        unfreeze: 'unfreezeAccount',
        setLimits: { calls: 'setLimits', action: 'Set limits of account' },
      },
    },
    ledger: {
      operations: {
        audit: 'auditLedger',
        getSystemAccounts: { calls: 'listSystemAccounts', action: 'Get system accounts of ledger' },
      },
    },
  },
  notOnCanvas: {
    postClearing: 'payments post what card and cash payments moved; a journey that did it too would count it twice',
    rebuildRecentBalances: 'repairs a store after a loss: work of whoever runs the platform, no step of a journey',
  },
});
