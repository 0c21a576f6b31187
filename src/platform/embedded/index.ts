export { type BackupWatch, bytesOf, takeBackup, verifyBackup } from './backup.ts';
export { EmbeddedServerError } from './binaries.ts';
export { restoreBackup } from './restore.ts';
export {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  findRunningPostgres,
  removeData,
  startEmbeddedPostgres,
} from './server.ts';
