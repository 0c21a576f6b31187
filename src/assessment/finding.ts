import { sha256 } from '../platform/ids.ts';
import { moneyText, scale } from '../platform/money.ts';
import {
  baseCode,
  type CauseKind,
  type Claim,
  type Finding,
  type Found,
  number,
  type PlacedRow,
  type Row,
  type Rule,
  value,
} from './rule.ts';

/** What a rule found, with everything that somebody needs who works on it: the rule's version, the money, the cause. */
export function completed(found: Found, rule: Rule<unknown>, claim: Claim): Finding {
  const row = rowOf(found, claim);
  return {
    ...found,
    rule: rule.id,
    severity: rule.severity,
    version: rule.version ?? 1,
    params: rule.params as Finding['params'],
    maLk: value(claim.xml1, 'MA_LK') || null,
    rowKey: row === null ? '' : rowKey(row),
    amount: amountAtRisk(row, claim),
    cause: rule.cause === undefined ? null : causeOf(rule.cause, found, row, claim),
  };
}

const rowOf = ({ table, row }: Found, claim: Claim): Row | null =>
  row === null ? null : (claim.rows(table)[row - 1]?.values ?? null);

/** What a row is known by wherever it stands in its table. */
const ROW_KEYS = ['MA_THUOC', 'MA_DICH_VU', 'MA_VAT_TU', 'MA_CHI_SO', 'NGAY_YL', 'NGAY_KQ', 'THOI_DIEM_DBLS'];
const rowKey = (row: Row): string => ROW_KEYS.map((field) => value(row, field)).join('|');

/** What the fund would pay for the row, else for the claim; null while nobody has computed it. */
function amountAtRisk(row: Row | null, { xml1 }: Claim): string | null {
  const amount = (row && number(row, 'T_BHTT')) ?? number(xml1, 'T_BHTT');
  return amount === null ? null : moneyText(scale(amount, '1'));
}

/** Where a finding of that kind names what causes it: fields of the row, the first that is filled in. */
const CAUSE_FIELDS: Readonly<Record<Exclude<CauseKind, 'person' | 'service'>, readonly string[]>> = {
  drug: ['MA_THUOC'],
  supply: ['MA_VAT_TU'],
  machine: ['MA_MAY'],
  practitioner: ['MA_BAC_SI', 'NGUOI_THUC_HIEN', 'MA_BS', 'MA_BS_DOC_KQ', 'MA_TTDV'],
  diagnosis: ['MA_BENH_CHINH'],
};

function causeOf(kind: CauseKind, found: Found, row: Row | null, claim: Claim): Finding['cause'] {
  const key = causeKey(kind, found, row, claim);
  return key === '' ? null : { kind, key };
}

function causeKey(kind: CauseKind, found: Found, row: Row | null, claim: Claim): string {
  if (kind === 'person') return value(claim.xml1, 'MA_BN');
  if (kind === 'service') return baseCode(row ?? {});
  if (kind === 'diagnosis' && found.values.code) return found.values.code;
  const fields = CAUSE_FIELDS[kind];
  const from = row ?? onlyRow(claim.rows(found.table)) ?? claim.xml1;
  const named = [found.field ?? '', ...fields]
    .filter((field) => fields.includes(field))
    .map((field) => value(from, field))
    .find((text) => text !== '');
  return kind === 'practitioner' ? onePerson(named ?? '', found) : (named ?? '');
}

/** A finding in a table of one row, the discharge paper say, has no row number. */
const onlyRow = (rows: readonly PlacedRow[]): Row | null => (rows.length === 1 ? rows[0]!.values : null);

/** Of several names (`;`) the one that the finding shows; none of them when it shows no single one. */
function onePerson(named: string, { values }: Found): string {
  const people = named.split(';').map((one) => one.trim());
  if (people.length === 1) return named;
  return people.find((one) => one === values.value) ?? '';
}

/**
 * By what a finding is known again in a later run: what a person decided of it holds while this and its values stay.
 * The place of a row in its table is no part of it.
 */
export const findingKey = ({ rule, table, field, rowKey }: Finding): string =>
  hash([rule, table, field ?? '', rowKey]);

/** Of what the finding showed: another value reopens it. */
export const valueHash = ({ values }: Finding): string =>
  hash(
    Object.entries(values)
      .filter(([name]) => !POSITIONS.has(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flat(),
  );

const POSITIONS: ReadonlySet<string> = new Set(['row', 'rows']);
const hash = (parts: readonly string[]): string => sha256(JSON.stringify(parts)).slice(0, 32);
