import { implementContract } from '../chassis/http/handlers.ts';
import type { Platform } from '../chassis/service.ts';
import { walletContract } from './contract.ts';
import * as accounts from './service/accounts.ts';
import * as holds from './service/holds.ts';
import * as reads from './service/reads.ts';
import { rebuildRecentBalances } from './service/recent-balances.ts';
import { refundCapture } from './service/refunds.ts';
import * as transfers from './service/transfers.ts';

export const handlers = (platform: Platform<typeof walletContract>) =>
  implementContract(walletContract, {
    topUp: transfers.topUp(platform),
    payOut: transfers.payOut(platform),
    transfer: transfers.transfer(platform),
    transferLinked: transfers.transferLinked(platform),
    getTransfer: reads.getTransfer(platform),
    listTransfers: reads.listTransfers(platform),
    authorizeHold: holds.authorizeHold(platform),
    captureHold: holds.captureHold(platform),
    voidHold: holds.voidHold(platform),
    refundCapture: refundCapture(platform),
    getHold: reads.getHold(platform),
    listHolds: reads.listHolds(platform),
    openAccount: accounts.openAccount(platform),
    getAccount: accounts.getAccount(platform),
    freezeAccount: accounts.freezeAccount(platform),
    unfreezeAccount: accounts.unfreezeAccount(platform),
    setLimits: accounts.setLimits(platform),
    listAccounts: reads.listAccounts(platform),
    getBalance: reads.getBalance(platform),
    getStatement: reads.getStatement(platform),
    listSystemAccounts: reads.listSystemAccounts(platform),
    rebuildRecentBalances: rebuildRecentBalances(platform),
    auditLedger: reads.auditLedger(platform),
  });
