export { EmbeddedServerError } from './binaries.ts';
export {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  findRunningPostgres,
  startEmbeddedPostgres,
} from './server.ts';
