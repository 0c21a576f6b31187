export { EmbeddedServerError } from './binaries.ts';
export { type EmbeddedPostgres, type EmbeddedOptions, startEmbeddedPostgres } from './server.ts';
