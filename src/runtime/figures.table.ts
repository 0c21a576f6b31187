import {
  CERTIFICATES,
  CHANNELS_AGE,
  CHANNELS_NOT_CLOSED,
  COPAY_RESTRICTED,
  CORRECTION_TASKS,
  DEAD_LETTERS,
  NOT_SIGNED,
  PAPERS,
  PARKED_CLAIMS,
  UNANSWERED_CHECK_INS,
  UNKNOWN_AGE,
  UNKNOWN_OUTCOMES,
  URGENCIES,
  WITHOUT_REFERENCE,
  WORK_AGE,
} from '../exports/index.ts';
import type { Family } from '../gateway/index.ts';
import { WAL_ARCHIVING } from './backup.repo.ts';

export interface Figure {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** All that the label can say; absent = queues, codes and the like, whatever there is. */
  readonly values?: readonly string[];
  /** What it says of things that are as they should be, however many: no alert may count them. */
  readonly calm?: readonly string[];
}
/** @property sql rows `label`, `value` */
export type DatabaseFigure = Figure & { readonly sql: string };

const STEPS = ['build', 'send'];
const FAMILIES: readonly Family[] = ['claims', 'check-in', 'papers', 'lookups', 'results', 'session'];
const CHANNELS = ['gateway', 'facility'].flatMap((whose) =>
  FAMILIES.flatMap((family) => ['open', 'stopped'].map((state) => `${whose}:${family}:${state}`)),
);
const PAPERS_CALM = ['built', 'signed', 'notSigned', 'sending', 'notSent', 'resend'];

/** What waits and is near its deadline, or past it: for an alert before money is lost. */
export const NEAR_DEADLINE: Figure = {
  name: 'his_claims_near_deadline',
  help: 'Visits that the insurer still waits for, by the time that is left',
  label: 'bucket',
  values: URGENCIES,
  calm: ['later'],
};

/** How much there is. */
const COUNTS: readonly DatabaseFigure[] = [
  {
    name: 'his_outbox_rows',
    help: 'Wishes not yet turned into jobs',
    label: 'queue',
    sql: 'select queue as label, waiting as value from outbox_figures()',
  },
  {
    name: 'his_export_work',
    help: 'Visits that the insurer still waits for',
    label: 'step',
    values: STEPS,
    calm: STEPS,
    sql: `select case when number = 0 then 'build' else 'send' end as label, count(*)::int as value
      from export_work group by 1`,
  },
  {
    name: 'his_gateway_answers',
    help: 'Outcomes of sending in the last 24 hours, by answer code of the gateway',
    label: 'code',
    sql: `select coalesce(result_code, type) as label, count(*)::int as value from claim_event
      where type in ('received', 'refused', 'unknown', 'notSent', 'parked') and at > now() - interval '1 day' group by 1`,
  },
  {
    name: 'his_claim_events',
    help: 'Claim events of the last 24 hours, by type',
    label: 'type',
    sql: `select type as label, count(*)::int as value from claim_event where at > now() - interval '1 day' group by 1`,
  },
  {
    name: 'his_check_ins_unanswered',
    help: 'Check-ins of the last 24 hours that the insurer has not answered, by whether they were tried',
    label: 'tried',
    values: ['true', 'false'],
    sql: UNANSWERED_CHECK_INS,
  },
];

/** What somebody must look at. */
const TROUBLES: readonly DatabaseFigure[] = [
  {
    name: 'his_gateway_channels_open',
    help: 'Ways to the gateway that let no calls through, by whose they are, family of calls and state',
    label: 'channel',
    values: CHANNELS,
    sql: CHANNELS_NOT_CLOSED,
  },
  {
    name: 'his_certificates',
    help: 'Certificates in use, by what is left of their time',
    label: 'state',
    values: ['inUse', 'ending', 'ended'],
    calm: ['inUse'],
    sql: CERTIFICATES,
  },
  {
    name: 'his_claims_not_signed',
    help: 'Claims that wait because they could not be signed',
    label: 'cause',
    sql: NOT_SIGNED,
  },
  {
    name: 'his_claims_unknown',
    help: 'Claims of which nobody knows whether the insurer has them',
    label: 'cause',
    sql: UNKNOWN_OUTCOMES,
  },
  {
    name: 'his_claims_parked',
    help: 'Claims whose answer nobody understands, by its code: they wait for a person',
    label: 'code',
    sql: PARKED_CLAIMS,
  },
  {
    name: 'his_claims_without_reference',
    help: 'Claims of the last 24 hours that the gateway took without a number of its own',
    label: 'cause',
    values: ['received-without-reference'],
    sql: WITHOUT_REFERENCE,
  },
  {
    name: 'his_correction_tasks',
    help: 'Open tasks about records that the insurer did not take or faults, by when they are due',
    label: 'bucket',
    values: ['overdue', 'soon', 'later'],
    calm: ['soon', 'later'],
    sql: CORRECTION_TASKS,
  },
  {
    name: 'his_papers',
    help: 'Papers for the insurer that have not ended, by state; unclear waits for a person',
    label: 'state',
    values: [...PAPERS_CALM, 'unclear'],
    calm: PAPERS_CALM,
    sql: PAPERS,
  },
  {
    name: 'his_copay_restricted_seconds',
    help: 'Time since the insurer shut a facility out from co-payment look-ups today',
    label: 'facility',
    sql: COPAY_RESTRICTED,
  },
  {
    name: 'his_dead_letters',
    help: 'Jobs that were given up and not done since',
    label: 'queue',
    sql: DEAD_LETTERS,
  },
  {
    name: 'his_wal_archiving',
    help: 'Whether the database server copies its log away, by how the last try ended; absent = it is not told to',
    label: 'state',
    values: ['working', 'failing'],
    calm: ['working'],
    sql: WAL_ARCHIVING,
  },
];

/** How long something has waited. */
const AGES: readonly DatabaseFigure[] = [
  {
    name: 'his_outbox_age_seconds',
    help: 'Age of the oldest wish that is no job yet and should be',
    label: 'queue',
    sql: 'select queue as label, seconds as value from outbox_ages()',
  },
  {
    name: 'his_export_work_age_seconds',
    help: 'Age of the oldest visit that the insurer waits for and nobody keeps back',
    label: 'step',
    values: STEPS,
    sql: WORK_AGE,
  },
  {
    name: 'his_claims_unknown_age_seconds',
    help: 'For how long the oldest claim has been unclear',
    label: 'cause',
    sql: UNKNOWN_AGE,
  },
  {
    name: 'his_gateway_channel_age_seconds',
    help: 'For how long the ways to the gateway have let no calls through, the longest of each',
    label: 'channel',
    values: CHANNELS,
    sql: CHANNELS_AGE,
  },
  {
    name: 'his_backup_age_seconds',
    help: 'Time since the last backup that was noted; absent = none ever was',
    label: 'which',
    values: ['last'],
    sql: `select 'last' as label, extract(epoch from now() - max(finished_at))::float8 as value from backup_log
      having count(*) > 0`,
  },
];

/** Figures of the whole province, each read by one statement. */
export const FIGURES: readonly DatabaseFigure[] = [...COUNTS, ...TROUBLES, ...AGES];
