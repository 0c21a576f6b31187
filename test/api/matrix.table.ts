import type { Role } from '../../src/identity/index.ts';

/** Each role has its letter. */
export const LETTERS = {
  R: 'receptionist',
  C: 'clinician',
  N: 'nurse',
  P: 'pharmacist',
  K: 'cashier',
  I: 'insurance-officer',
  A: 'facility-admin',
  V: 'province-admin',
  U: 'auditor',
  M: 'machine',
} as const satisfies Record<string, Role>;

/**
 * What a route answers. Who may stands here once more and is not read from the permissions: a permission that changes
 * must be changed here too, by somebody who thinks about it.
 */
export interface Expected {
  /** Letters of the roles that may; the others are refused with 403 unless `else` says otherwise. */
  readonly may: string;
  /** For who may, at the facility whose data it is. */
  readonly own: number;
  /** For who may in the same role at another facility, when they name what is not theirs. */
  readonly other: number;
  /** For who may in the province's office; like `own` when absent. */
  readonly office?: number;
  readonly else?: number;
  /** For callers that nobody knows: none, one whose session is over, one who is locked; 401 when absent. */
  readonly unknown?: number;
}

const CARE = 'RCNPKIM';
const PEOPLE = 'RCNPKIAVU';
const DESK = 'RKIAM';
const row = (may: string, own: number, other: number, more: Partial<Expected> = {}): Expected => ({
  may,
  own,
  other,
  ...more,
});

export const MATRIX: Readonly<Record<string, Expected>> = {
  // A list, and what makes something new, is the caller's own facility's; what is named by its id is the other's.
  registerPatient: row('RCNM', 201, 201),
  searchPatients: row(CARE, 200, 200),
  readPatient: row(CARE, 200, 404),
  changePatient: row('RCNM', 200, 404),
  addCoverage: row('RCNM', 201, 404),
  listCoverages: row(CARE, 200, 404),
  readHistory: row('C', 200, 404),
  // For somebody who never came here: that is what it is for.
  declareEmergency: row('C', 201, 201),

  // A person who comes to another facility is admitted there.
  checkIn: row('RCNM', 201, 201),
  recordWholeVisit: row('CM', 201, 201),
  listEncounters: row(CARE, 200, 200),
  readEncounter: row(CARE, 200, 404),
  routeProposal: row(CARE, 200, 404),
  changeEncounter: row('RCNM', 200, 404),
  recordConditions: row('CM', 201, 404),
  recordOrders: row('CM', 201, 404),
  recordResults: row('CNM', 201, 404),
  recordNotes: row('CNM', 201, 404),
  cancelLine: row('CM', 200, 404),
  discharge: row('CM', 200, 404),
  undoDischarge: row('CM', 200, 404),
  settle: row('KM', 201, 404),
  previewSettlement: row(CARE, 200, 404),
  readSettlement: row(CARE, 200, 404),
  readStatement: row(CARE, 200, 404),
  printStatement: row(CARE, 200, 404),
  downloadStatement: row(CARE, 200, 404),
  compareSettlements: row(CARE, 200, 404),
  explainSettlement: row(CARE, 200, 404),
  listSettlements: row(CARE, 200, 404),
  reopen: row('I', 200, 404),
  noteLateFact: row('RCNKIM', 201, 404),
  listBillingTasks: row('KI', 200, 200),
  closeBillingTask: row('KI', 200, 404),

  readBalance: row(DESK, 200, 404),
  takePayment: row('KM', 201, 404),
  takeDeposit: row('KM', 201, 404),
  giveRefund: row('KM', 201, 404),
  // A cashier what they took themselves in the shift that is open, an administrator anything.
  voidPayment: row('KA', 201, 404),
  requestTransfer: row('KM', 201, 404),
  confirmTransfer: row('KM', 200, 404),
  cancelTransfer: row('KM', 200, 404),
  recordDebt: row('KM', 201, 404),
  listDebts: row(DESK, 200, 200),
  openShift: row('K', 201, 201),
  readCurrentShift: row('K', 200, 200),
  readShift: row('KA', 200, 404),
  // A cashier their own, an administrator anybody's.
  closeShift: row('KA', 200, 404),
  listReceipts: row(DESK, 200, 200),
  readReceipt: row(DESK, 200, 404),
  printReceipt: row(DESK, 200, 404),
  downloadReceipt: row(DESK, 200, 404),
  printTransferRequest: row(DESK, 200, 404),
  downloadTransferRequest: row(DESK, 200, 404),
  listReceiptBooks: row(DESK, 200, 200),
  openReceiptBook: row('A', 201, 201),
  readDeskSetting: row(DESK, 200, 200),
  setDeskSetting: row('A', 200, 200),

  listClaims: row('IKAVM', 200, 404),
  readClaim: row('IM', 200, 404),
  downloadClaim: row('IM', 200, 404),
  previewClaim: row('IM', 200, 404),
  holdClaim: row('IM', 200, 404),
  releaseClaim: row('IM', 200, 404),
  resolveClaim: row('IM', 200, 404),
  retryClaim: row('IM', 200, 404),
  listObstacles: row('IAVM', 200, 404),
  readDeadlines: row('IAVM', 200, 404),
  readFindings: row(CARE, 200, 404),
  listFindings: row('KIAVM', 200, 404),
  listCertificates: row('IAVM', 200, 404),
  // Without an id in the path: each facility registers its own.
  registerCertificate: row('IA', 201, 201),
  lookUpCard: row('RCNKIM', 201, 201),
  lookUpHistory: row('RCNKIM', 201, 201),
  lookUpCopay: row('RCNKIM', 201, 201),
  readCardLookup: row('RCNKIM', 200, 404),
  listCardLookups: row('RCNKIM', 200, 404),
  // How a facility asks: the office has no account at the gateway.
  readInsurerSetting: row('IAVM', 200, 200, { office: 403 }),
  setInsurerSetting: row('A', 200, 200),
  setInsurerStaff: row('A', 200, 404),
  issuePaper: row('IM', 201, 404),
  listPapers: row('IAVM', 200, 404),
  readPaper: row('IAVM', 200, 404),
  // A person looks at the portal: no software decides.
  resolvePaper: row('I', 200, 404),
  sendMonthlySummary: row('IM', 201, 201),
  sendCatalogues: row('IM', 201, 201),
  listCatalogueRows: row('IAVM', 200, 200, { office: 403 }),
  startRun: row('IVM', 202, 404),
  listRuns: row('IAVM', 200, 200),
  readRun: row('IAVM', 200, 404),
  printRunReport: row('IAVM', 200, 404),
  downloadRunReport: row('IAVM', 200, 404),
  listRunFiles: row('IM', 200, 404),
  giveForeignFile: row('IV', 202, 202),
  listForeignFiles: row('IV', 200, 200),
  readForeignFile: row('IV', 200, 404),
  listForeignClaims: row('IV', 200, 404),
  readForeignClaim: row('IV', 200, 404),
  // What was found comes from charts: it is for who gave the file.
  // The office sees the counts, not the rows.
  giveResults: row('IM', 202, 202),
  listResultImports: row('IAVM', 200, 200),
  readResultImport: row('IAVM', 200, 404),
  listResultRows: row('IM', 200, 404),
  listCorrections: row('IAV', 200, 200),
  readCorrection: row('IAV', 200, 404),
  assignCorrection: row('IA', 200, 404),
  closeCorrection: row('IA', 200, 404),
  reopenCorrection: row('IA', 200, 404),
  // Nothing of it was assessed.
  downloadAdjustment: row('IM', 409, 404),
  sendAdjustment: row('IM', 409, 404),
  compareClaimVersions: row('IM', 200, 404),
  giveClaimCheck: row('IV', 202, 202),
  readClaimCheck: row('IV', 200, 404, { office: 404 }),
  listClaimCheckFindings: row('IV', 200, 404, { office: 404 }),
  downloadClaimCheckCsv: row('IV', 200, 404, { office: 404 }),
  downloadClaimCheckXlsx: row('IV', 200, 404, { office: 404 }),

  listRules: row('IAV', 200, 404),
  listRuleSettings: row('IAV', 200, 404),
  // Each facility sets rules for itself, the office for all.
  configureRule: row('AV', 201, 201),
  undoRuleSetting: row('AV', 201, 404),
  decideOnFinding: row('IA', 200, 404),
  listFindingCauses: row('IAV', 200, 404),
  listFindingCauseVisits: row('IAV', 200, 404),
  askRecheck: row('IA', 202, 404),
  readRecheck: row('IA', 200, 404),
  askRuleTrial: row('IAV', 202, 404),
  listRuleTrials: row('IAV', 200, 200),
  // The office reads the trials of its own.
  readRuleTrial: row('IAV', 200, 404, { office: 404 }),

  listAccounts: row('AV', 200, 200),
  readAccount: row('AV', 200, 404),
  createAccount: row('AV', 201, 403),
  grantDuty: row('AV', 201, 404),
  revokeDuty: row('AV', 200, 404),
  lockAccount: row('AV', 200, 404),
  unlockAccount: row('AV', 200, 404),
  resetAccount: row('AV', 200, 404),
  setSecondFactorRule: row('AV', 200, 404),
  searchAudit: row('AU', 200, 404),
  // Counts of callers that nobody knows: they belong to no facility.
  listRefusals: row('U', 200, 200),
  // Jobs of the whole system: they belong to no facility.
  listDeadLetters: row('V', 200, 200),
  retryDeadLetter: row('V', 200, 200),

  // At the door: everybody has a session of their own, machines have none. `other` = signing in at our facility.
  signIn: row(PEOPLE, 201, 403, { else: 401 }),
  readSession: row(PEOPLE, 200, 200),
  passSecondFactor: row('', 403, 403),
  switchFacility: row(PEOPLE, 200, 403, { office: 403 }),
  signOut: row(PEOPLE, 200, 200),
  signOutEverywhere: row(PEOPLE, 200, 200),
  // The password in use, typed wrong.
  setPassword: row(PEOPLE, 401, 401),
  beginSecondFactor: row(PEOPLE, 200, 200),
  // None was begun.
  confirmSecondFactor: row(PEOPLE, 404, 404),
  renewRecoveryCodes: row(PEOPLE, 200, 200),
  issueToken: row('M', 200, 403, { else: 401 }),
  // No provider is configured here.
  beginOidc: row(`${PEOPLE}M`, 404, 404, { unknown: 404 }),
  finishOidc: row(`${PEOPLE}M`, 404, 404, { unknown: 404 }),
};
