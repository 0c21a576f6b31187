export type { GatewayAccount } from './account.ts';
export {
  admission,
  afterCall,
  type Channel,
  type ChannelState,
  CLOSED,
  FACILITY_FAILURES,
  type Family,
  familyOf,
  GATEWAY_FAILURES,
  isOfAccount,
  pauseAfter,
  type Sign,
  signOf,
  tried,
} from './breaker.ts';
export type { CardVerdict, Trouble } from './card-verdict.ts';
export type {
  Decision,
  DecisionRule,
  Failure,
  GatewayCall,
  NextStep,
  Observation,
  Outcome,
} from './classify.ts';
export { classify } from './classify.ts';
export type { GatewayClient, GatewayClientOptions, GatewayResult, GatewayTimeouts } from './client.ts';
export { createGatewayClient } from './client.ts';
export type { Question, QuestionKind, QuestionOf } from './questions.ts';
export type {
  CardFound,
  ContentProblem,
  CopayFound,
  DayTotals,
  PastVisit,
  Reply,
  ReplyTo,
  TransactionTotals,
} from './replies.ts';
export type { Submission, SubmissionKind } from './submissions.ts';
export type { SharedToken, TokenShelf } from './tokens.ts';
