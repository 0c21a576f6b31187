export type { InsurerDependencies } from './context.ts';
export type { LookupView } from './lookup.repo.ts';
export {
  type AskedLookup,
  askLookup,
  type LookupWish,
  listLookups,
  readLookup,
  runLookup,
} from './lookup.service.ts';
export { LOOKUP_KINDS, type LookupKind } from './lookup.ts';
export { type InsurerSetting, readSetting } from './settings.repo.ts';
export { setInsurerSetting, setInsurerStaff } from './settings.service.ts';
export { sweepInsurer } from './sweep.service.ts';
