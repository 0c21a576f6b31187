import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ALL_RULES, FILE_RULES } from '../../src/assessment/index.ts';
import { catalogue } from '../../src/messages/index.ts';

/** Digest of severity, stage and switch, and digest of both messages, of each rule as the collection of rules has it. */
const official = JSON.parse(
  readFileSync(new URL('official-rules.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly [facts: string, messages: string]>>;
const rules = [...ALL_RULES, ...FILE_RULES] as readonly {
  readonly id: string;
  readonly severity: string;
  readonly stage: string;
  readonly isOffByDefault?: boolean;
}[];

/** Messages that say more or other than those of the collection, by the reason. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  'says where in the tables':
    'STR_NUMBER_NEGATIVE XML9_TEMP_CARD STF_REGISTERED_AT_TIME STF_DEPARTMENT STF_ORDERING_RIGHTS STF_SCOPE ' +
    'STF_OVERLAP_ACROSS_PATIENTS STF_SAME_MINUTE_STARTS STF_TWO_FACILITIES_DAY STF_DAILY_EXAM_COUNT ' +
    'STF_WORKING_HOURS STF_ON_LEAVE',
  'shows one more value':
    'DT_WARD_ADMISSION_OUTPATIENT BED_LINE_QUANTITY SUP_DATE_WITH_SERVICE NOTE_DAILY_COVERAGE XML7_LEAVE_DAYS ' +
    'XML11_DAYS XML14_TOO_FAR ICD_AGE_LIMIT ICD_EXTERNAL_CAUSE_MISSING ICD_YHCT_CATALOGUE',
  'the rule also finds what the sentence would deny':
    'STR_XML1_PRESENT DT_RESULT_IN_STAY DRG_RATIO_BY_CONDITION DRG_HERB_PROCESSING SVC_SURGERY_CODE_ICD9 ' +
    'SVC_BODY_SIDE XML7_REQUIRED XML7_ABORTION XML8_REQUIRED XML9_FOR_BIRTH_WEIGHT XML13_REQUIRED XML9_BABY_COUNT',
  'said of the file while it is read':
    'STR_XML_WELLFORMED STR_ENVELOPE_PATH STR_HOSO_COUNT STR_CONTENT_DECODES STR_DUPLICATE_HOSO',
  'a number without its unit, or a reason that is no object of the sentence':
    'DT_PATIENT_OVERLAP_PROCEDURES DRG_AGE_GENDER SVC_AGE_GENDER',
  'the limit is a parameter': 'PAT_BIRTH_PARTIAL',
  'the lists give no reason': 'ICD_PRIMARY_DISCOURAGED',
  'shows how it is written': 'DRG_DOSE_FORMAT',
};

const digest = (...lines: readonly string[]) =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);

test('all rules of the collection are there, with its severities, stages and switches', () => {
  expect(rules).toHaveLength(376);
  const ours = rules.map(({ id, severity, stage, isOffByDefault }) => [
    id,
    digest(severity, stage, isOffByDefault ? 'off' : 'on'),
  ]);
  const theirs = Object.entries(official).map(([id, [facts]]) => [id, facts]);
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
});

test('messages are those of the collection, but for those that are named with the reason', () => {
  const [vi, en] = [catalogue('vi'), catalogue('en')];
  const other = rules
    .map(({ id }) => id)
    .filter((id) => official[id]![1] !== digest(vi.get(`rules.${id}`)!, en.get(`rules.${id}`)!));
  expect(other.toSorted()).toEqual(
    Object.values(OWN_WORDS)
      .flatMap((ids) => ids.split(' '))
      .toSorted(),
  );
});
