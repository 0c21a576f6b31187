export {
  DEMO_PASSWORD,
  type DemoAccount,
  type GatewayAccountLine,
  seedDemoAccounts,
  simulatedAccounts,
  storeGatewayAccounts,
} from './accounts.ts';
export { facilityIdOf, loadProvince, type SeedCounts } from './load.ts';
export { type FileProblem, type Province, readProvince } from './province-files.ts';
