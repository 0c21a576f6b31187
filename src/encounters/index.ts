export type * from './visit-record.ts';
