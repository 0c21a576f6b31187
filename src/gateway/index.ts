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
export type { GatewayAccount } from './tokens.ts';
