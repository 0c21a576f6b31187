export { EmbeddedServerError } from './binaries.ts';
export {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  findRunningPostgres,
  removeData,
  startEmbeddedPostgres,
} from './server.ts';
