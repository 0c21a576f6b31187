export { listDebts } from './account.repo.ts';
export { type AccountStatement, readAccount, recordDebt } from './account.service.ts';
export { type BilledVisit, benefitVisit } from './benefit-visit.ts';
export { compareSettlements, type SettlementChanges } from './compare.ts';
export { type DeskSetting, readDeskSetting, writeDeskSetting } from './desk-setting.repo.ts';
export { type ExplainedLine, explainVisit, type VisitExplanation } from './explain.service.ts';
export { moveMoney, type Taken, voidPayment } from './payment.service.ts';
export type { PaymentKind, PaymentMethod } from './payment.ts';
export { listBooks, listReceipts, openBook, type ReceiptRecord } from './receipt.repo.ts';
export { openReceipt } from './receipt.service.ts';
export { type Reopened, reopen } from './reopen.service.ts';
export { preview, SETTLED_QUEUE, type SettlementAnswer, settle } from './settle.service.ts';
export { amountsAsText, listSettlements, readSettlement, readSettlements } from './settlement.repo.ts';
export * from './settlement.ts';
export { closeShift, currentShift, openShift, readShift, type ShiftReport } from './shift.service.ts';
export { listTasks } from './task.repo.ts';
export { askToDropClaim, closeBillingTask, noteLateCard, noteLateFact } from './task.service.ts';
export type { BillingTask } from './task.ts';
export type { TransferRequest } from './transfer.repo.ts';
export {
  cancelTransfer,
  confirmTransfer,
  openTransfer,
  type RequestedTransfer,
  requestTransfer,
} from './transfer.service.ts';
export { countSettled, type Settled, walkSettled } from './walk-settled.ts';
export { repriceSettled, type VisitWhatIf } from './what-if.service.ts';
export { type Circumstances, changeText, isChanged, PARTS, pricesFrom, type WhatIf } from './what-if.ts';
export { recordWholeVisit, type WholeVisitRecorded } from './whole-visit.service.ts';
