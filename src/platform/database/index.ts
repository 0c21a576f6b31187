export type { Statement } from './batch.ts';
export { openClient } from './client.ts';
export { type EntityManager, type Orm, openOrm } from './orm.ts';
export {
  provisionDatabase,
  ROLES,
  type Role,
  type RoleUrls,
  randomPasswords,
  roleUrls,
  withDatabase,
} from './provision.ts';
export { type Row, type RowShape, tablesIn, writeStatement } from './rows.ts';
export {
  type ActingContext,
  createDatabase,
  type Database,
  FIGURES_CONTEXT,
  type Reach,
  SYSTEM_CONTEXT,
  SYSTEM_USER,
  type Transaction,
  withCommit,
} from './transaction.ts';
