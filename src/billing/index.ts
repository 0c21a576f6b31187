export type * from './settlement.ts';
