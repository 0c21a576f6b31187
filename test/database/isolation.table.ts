/** What row-level security does not guard, and why. Everything else has it, with a policy. */
export const EXEMPT: Readonly<Record<string, string>> = {
  facility: 'reference: names of facilities are public',
  facility_fact: 'reference: what kind a facility is, by date',
  department: 'reference',
  equipment: 'reference: which machines a facility has',
  ward: 'reference: administrative units of the country',
  diagnosis_code: 'reference',
  catalogue_item: 'reference: approved lists, public',
  catalogue_price: 'reference: approved prices, public',
  claim_transition: 'reference: which claim event may follow which',
  reference_revision: 'a counter that says when reference data changed',
  backup_log: 'when a backup was made, and where it lies: nothing about anybody',
  migration: 'names of migrations; read when a process starts',
  gateway_token: 'sealed sessions of the gateway: the sender (his_export) alone reads them',
  outbox: 'wishes for the queue: ids only; everybody adds, the relay (his_export) alone reads',
  'bullmq.dedup': 'queue: ids only; no rights but of his_export',
  'bullmq.dedup_next': 'as above',
  'bullmq.event': 'as above',
  'bullmq.job': 'as above',
  'bullmq.job_dependency': 'as above',
  'bullmq.job_log': 'as above',
  'bullmq.meta': 'as above',
  'bullmq.metrics': 'as above',
  'bullmq.migration': 'as above',
  'bullmq.rate_limit': 'as above',
  'bullmq.relay_inbox': 'as above',
  'bullmq.relay_node': 'as above',
  'bullmq.relay_retained': 'as above',
  'bullmq.relay_subscription': 'as above',
  'bullmq.scheduler': 'as above',
};

/** Guarded without any policy: nobody but the owner, through functions, reads or writes them. */
export const CLOSED: Readonly<Record<string, string>> = {
  audit_seal: 'written by the sealer, read by the verifier',
  audit_chain: 'as above',
  audit_round: 'as above',
};

/** Guarded for writing; everybody who has the right reads all of it. */
export const EVERYBODY_READS: Readonly<Record<string, string>> = {
  practitioner:
    'reference: the register of practice licences is public; a facility changes its own rows only',
  export_setting: 'when a facility exports: read with the directory of facilities',
  sign_in_setting: 'whether a second factor is asked for: the door reads it for whoever signs in',
};

/** Ids, states, times and sums, nothing about a person: the province's office sees them all. */
export const FIGURES = [
  'settlement',
  'claim_version',
  'claim_event',
  'export_work',
  'export_run',
  'export_batch',
  'export_obstacle',
  // Public halves of keys: the office sees which end soon.
  'facility_certificate',
  'check_in',
  'check_in_attempt',
  'foreign_file',
  'foreign_set_aside',
  'foreign_claim',
  'assessment',
  'finding',
  'rule_setting',
  'rule_trial',
  'recheck',
  'claim_check',
  // When the insurer's gateway could not be reached, and from where.
  'gateway_channel',
  'gateway_outage',
  'result_import',
  // Jobs that were given up: ids.
  'dead_letter',
  'correction_task',
  'insurer_work',
  'insurer_paper',
  'insurer_paper_event',
];

/** Whoever manages or audits must know who somebody is. */
export const PEOPLE_WHO_WORK = ['account', 'account_duty'];

/** What the sign-in door alone reads. */
export const SECRETS = [
  'bearer_token',
  'credential',
  'external_identity',
  'known_address',
  'machine_secret',
  'oidc_flow',
  'one_time_password',
  'recovery_code',
  'session',
  'session_token',
  'sign_in_failure',
];

/** Functions that run with the owner's rights, past every policy: each for one purpose. */
export const DEFINERS: Readonly<Record<string, string>> = {
  account_label: 'the trail names people who work elsewhere, too',
  account_works_elsewhere: 'whether a facility may lock somebody: yes or no, not where',
  admit_patient: 'a person comes to a facility for the first time: links them, to the acting facility only',
  copay_restricted: 'codes of facilities that the insurer shut out today, for reach province',
  count_refusals: 'adds counts of callers that nobody knows; reads nothing',
  encounter_figures: 'two counts of visits, for reach province',
  end_all_of_account: 'a trigger: a locked account has no open session or token, whoever locked it',
  ensure_month_partitions: 'makes empty partitions of months to come',
  facilities_of_patient: 'who is told of a look at a record: ids of facilities, for a facility',
  facilities_with_gateway_account: 'who can send: ids of facilities, for reach province',
  find_person:
    'an exact national id or card number finds its person in the whole province; audited by the caller',
  forget_claim_checks: 'removes checks of claim files that are older than is set; audited by the caller',
  forget_answers: 'removes answers of idempotency keys that are older than a day',
  forget_refusals: 'removes counts of refusals that are older than a month; audited by the caller',
  neighbours_of_person:
    'other visits of the person of a visit of the acting facility, in narrow columns, for the assessment rules; what is shown of those elsewhere is facility and time',
  outbox_ages: 'ages by queue',
  outbox_figures: 'counts by queue',
  patient_history:
    'visits elsewhere: only with a purpose, and a relation or a declared emergency of the caller',
  practitioners_elsewhere:
    'who of the practitioners of visits of the acting facility acted at which other facility, and when',
  seal_audit: 'chains waiting events as of now',
  remove_second_factor: 'takes a second factor away from a colleague who works here alone; shows nothing',
  try_gateway_again:
    'a trigger: whoever changes an account or a certificate, what was stopped for it is tried at once',
  search_patients: 'people of the acting facility by a part of their name, on the trigram index',
};

/** Of whom the assessor's functions read, and which columns hold what nobody else is to learn through them. */
export const ASSESSOR_READS: Readonly<Record<string, readonly string[]>> = {
  charge_line: ['name', 'quantity', 'unit_price', 'condition_codes', 'instruction', 'facts', 'item'],
  condition: ['name'],
  coverage: ['registered_facility_code'],
  encounter: ['reason', 'final_diagnosis', 'treatment', 'advice'],
  encounter_coverage: ['presented_at'],
  facility: [],
  patient: ['address', 'phone', 'ward_code'],
  patient_facility: ['basis'],
  practitioner: ['name', 'account_id'],
  settlement: ['trace', 'self_pay'],
};
