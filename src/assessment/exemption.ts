import { baseCode, type Claim, type Finding, list, type Row, value } from './rule.ts';
import type { Effect, EffectiveRule, Exemptions } from './settings.ts';

/** A finding and what it does, as it is set where and when the claim belongs. */
export interface Judged extends Finding {
  readonly effect: Effect;
}

/** What the rules in force make of what was found: what a rule is exempt from, or says only to itself, is gone. */
export function judged(
  findings: readonly Finding[],
  inForce: ReadonlyMap<string, EffectiveRule>,
  claim: Claim,
): readonly Judged[] {
  return findings.flatMap((finding) => {
    const rule = inForce.get(finding.rule);
    if (!rule || rule.isSilent || isExempt(finding, rule.exempt, claim)) return [];
    return [{ ...finding, effect: rule.effect }];
  });
}

const CODES = ['MA_THUOC', 'MA_DICH_VU', 'MA_VAT_TU', 'MA_CHI_SO'];
const ACCOUNTS = ['MA_BAC_SI', 'NGUOI_THUC_HIEN', 'MA_BS_DOC_KQ', 'MA_BS', 'MA_TTDV'];

/** Is the finding about something of which the rule shall not speak? */
export function isExempt(
  finding: Finding,
  { departments = [], codes = [], cards = [], accounts = [] }: Exemptions,
  claim: Claim,
): boolean {
  const row = rowOf(finding, claim);
  const own = (fields: readonly string[]) => fields.flatMap((field) => list(row, field).map(trimmed));
  return (
    isAll(own(['MA_KHOA']), (code) => departments.includes(code)) ||
    codesOf(finding, row).some((code) => codes.includes(code)) ||
    list(claim.xml1, 'MA_THE_BHYT').some((card) => cards.some((start) => card.trim().startsWith(start))) ||
    own(ACCOUNTS).some((account) => accounts.includes(account))
  );
}

/** The row of the finding; XML1 for a finding about the claim or a whole table. */
const rowOf = ({ table, row }: Finding, claim: Claim): Row =>
  (row === null ? undefined : claim.rows(table)[row - 1]?.values) ?? claim.xml1;

/** A visit belongs to several departments: only where all of them are exempt it is. */
const isAll = (values: readonly string[], holds: (value: string) => boolean) =>
  values.length > 0 && values.every(holds);

function codesOf({ values, cause }: Finding, row: Row): readonly string[] {
  const own = CODES.map((field) => value(row, field));
  const named = [baseCode(row), values.code ?? '', cause && cause.kind !== 'person' ? cause.key : ''];
  return [...own, ...named].filter((code) => code !== '');
}

const trimmed = (text: string) => text.trim();
