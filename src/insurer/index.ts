export { submitAdjustment } from './adjustment.service.ts';
export { type CatalogueRowView, listRows as listCatalogueRows } from './catalogue.repo.ts';
export { type SentCatalogue, submitCatalogues } from './catalogue.service.ts';
export { CATALOGUE_FORMS, type CatalogueForm } from './catalogue.ts';
export { issueCertificates } from './certificates.service.ts';
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
export { readMonth, submitMonth } from './month.service.ts';
export type { MonthSums } from './month.ts';
export { issueNotice, type NoticeWish } from './notices.service.ts';
export { paceLookup, pacePaper } from './pace.service.ts';
export type { PaperEventView, PaperView } from './paper.repo.ts';
export {
  listPapers,
  type PaperDecision,
  type PaperWish,
  readPaper,
  resolvePaper,
  submitPaper,
} from './paper.service.ts';
export type { PaperKind, PaperState } from './paper.ts';
export { sendPaper } from './send-paper.service.ts';
export {
  type InsurerSetting,
  readInsurerSetting,
  setInsurerSetting,
  setInsurerStaff,
} from './settings.service.ts';
export { sweepInsurer } from './sweep.service.ts';
