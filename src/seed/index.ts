export {
  simulatedAccounts,
  storeGatewayAccounts,
} from './accounts.ts';
export { DEMO_PASSWORD, type DemoAccount, seedDemoAccounts } from './demo-accounts.ts';
export { readGatewayAccounts } from './gateway-accounts.ts';
export { facilityIdOf, loadProvince, type SeedCounts } from './load.ts';
export { readPriceFile } from './price-file.ts';
export { type FileProblem, type Province, readProvince } from './province-files.ts';
