import type { Catalogue, CatalogueRow } from '../../catalogues.ts';
import { moment, type PlacedRow, type Row, value, withoutSpaces } from '../../rule.ts';
import { remembered } from '../../text.ts';

/** Oxygen and gases by code; traditional medicine and hospital-made drugs by the beginning of the code. */
export const EXEMPT = { exemptCodes: ['40.17', '40.573'], exemptPrefixes: ['05V', '05C', 'HD'] };
const NO_REGISTRATION_GROUPS = ['7', '17'];
const BLOOD = '7';
const PATIENT_PAYS = '2';

/** Steps of the comparison with the catalogue, each among the rows that the step before left. */
export const STEPS = ['MA_THUOC', 'HAM_LUONG', 'SO_DANG_KY', 'TT_THAU'] as const;
export type Step = (typeof STEPS)[number];

const SAME: Readonly<Record<Step, (text: string) => string>> = {
  MA_THUOC: (text) => text,
  HAM_LUONG: remembered((text) => withoutSpaces(text).replaceAll(',', '.')),
  SO_DANG_KY: withoutSpaces,
  // Decision, package, group, year; what is written after them is not compared.
  TT_THAU: remembered((text) => withoutSpaces(text).split(';').slice(0, 4).join(';')),
};

/** A cell of the catalogue as text; undefined = the catalogue does not have that column. */
export const cell = (row: CatalogueRow, column: string) =>
  row[column] === undefined ? undefined : String(row[column]).trim();

/**
 * Catalogue rows that agree with the drug row up to and with that step; none = the step, or one before it, has failed.
 * @returns null where the step says nothing: no day, no drug of the catalogue, exempt, blank
 */
function matching(
  { values }: PlacedRow,
  last: Step,
  catalogue: Catalogue,
  exempt: typeof EXEMPT,
): readonly CatalogueRow[] | null {
  const day = moment(values, 'NGAY_YL')?.slice(0, 8);
  const code = value(values, 'MA_THUOC');
  const isJudged = value(values, 'PHAM_VI') !== PATIENT_PAYS && value(values, 'MA_NHOM') !== BLOOD;
  if (day === undefined || code === '' || !isJudged) return null;
  let rows = catalogue.validOn(code, day);
  for (const step of STEPS.slice(1, STEPS.indexOf(last) + 1)) {
    if ((step === 'SO_DANG_KY' || step === 'TT_THAU') && isExempt(values, exempt)) continue;
    const own = value(values, step);
    // A blank strength is compared, a blank registration or tender is left to the rule that wants one.
    if (own === '' && step !== 'HAM_LUONG') return null;
    rows = rows.filter((row) => {
      const theirs = cell(row, step);
      return theirs === undefined || SAME[step](theirs) === SAME[step](own);
    });
  }
  return rows;
}

function isExempt(values: Row, { exemptCodes, exemptPrefixes }: typeof EXEMPT): boolean {
  const code = value(values, 'MA_THUOC');
  return (
    exemptCodes.includes(code) ||
    exemptPrefixes.some((prefix) => code.startsWith(prefix)) ||
    NO_REGISTRATION_GROUPS.includes(value(values, 'MA_NHOM'))
  );
}

/** Rows that fail exactly at that step; null when it says nothing about any row. */
export function failingAt(
  rows: readonly PlacedRow[],
  step: Step,
  catalogue: Catalogue,
  exempt = EXEMPT,
): readonly PlacedRow[] | null {
  const before = STEPS[STEPS.indexOf(step) - 1];
  const judged = rows.filter(
    (row) =>
      !(step !== 'MA_THUOC' && step !== 'HAM_LUONG' && isExempt(row.values, exempt)) &&
      matching(row, step, catalogue, exempt) !== null &&
      (before === undefined || matching(row, before, catalogue, exempt)!.length > 0),
  );
  if (judged.length === 0) return null;
  return judged.filter((row) => matching(row, step, catalogue, exempt)!.length === 0);
}

/** Drug rows with the catalogue rows that agree in all steps. */
export const matched = (rows: readonly PlacedRow[], catalogue: Catalogue) =>
  rows.flatMap((row) => {
    const found = matching(row, 'TT_THAU', catalogue, EXEMPT) ?? [];
    return found.length > 0 ? [{ row, found }] : [];
  });
