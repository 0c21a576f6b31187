import { type AnyRule, inTable, rule, value } from '../../rule.ts';
import { codesOf, hasShape, isIn, isOrBelow } from './code-list.ts';
import { rowsOf } from './national.ts';

/*
 * Columns of `icd10_catalogue` that are read here: `sex` (1, 2; blank = both), `deathOnly` (true: only of the dead). For a
 * code of which the catalogue does not say so, or without a catalogue, the ranges below stand.
 */

/** How diagnoses are coded. */
export const codes: readonly AnyRule[] = [
  rule({
    id: 'ICD_PRIMARY_SINGLE',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      const code = value(xml1, 'MA_BENH_CHINH');
      if (code === '') return 'not-applicable';
      return /[;,\s]/.test(code) ? [inTable('XML1', 'MA_BENH_CHINH', { value: code })] : [];
    },
  }),
  rule({
    id: 'ICD_CODE_SHAPE',
    severity: 'error',
    stage: 'order',
    params: {},
    parents: ['ICD_PRIMARY_SINGLE', 'STR_LIST_FORMAT'],
    check: ({ xml1 }) => {
      const all = codesOf(xml1);
      if (all.length === 0) return 'not-applicable';
      return all
        .filter((one) => !hasShape(one))
        .map(({ field, code }) => inTable('XML1', field, { value: code }));
    },
  }),
  rule({
    id: 'ICD_SEX_LIMIT',
    severity: 'error',
    stage: 'order',
    params: {
      female: ['O00-O99', 'N70-N77', 'N80-N98', 'C51-C58', 'D25-D28'],
      male: ['N40-N51', 'C60-C63', 'D29', 'D40'],
    },
    check: (claim, { female, male }, context) => {
      const sex = value(claim.xml1, 'GIOI_TINH');
      if (sex !== '1' && sex !== '2') return 'not-applicable';
      const isOfOthers = (code: string) => {
        const said = rowsOf(code, claim, context).flatMap((row) => row.sex ?? []);
        if (said.length === 0) return isIn(code, sex === '1' ? female : male);
        return said.every((one) => one !== '' && String(one) !== sex);
      };
      return codesOf(claim.xml1)
        .filter(({ code }) => isOfOthers(code))
        .map(({ field, code }) => inTable('XML1', field, { value: code, code }));
    },
  }),
  rule({
    id: 'ICD_EXTERNAL_CAUSE_PRIMARY',
    severity: 'error',
    stage: 'order',
    params: { externalCauses: ['V01-Y98'] },
    check: ({ xml1 }, { externalCauses }) => {
      const code = value(xml1, 'MA_BENH_CHINH');
      if (code === '') return 'not-applicable';
      return isIn(code, externalCauses) ? [inTable('XML1', 'MA_BENH_CHINH', { value: code })] : [];
    },
  }),
  rule({
    id: 'ICD_DEATH_ONLY_CODES',
    severity: 'error',
    stage: 'discharge',
    params: { codes: ['R95', 'R96', 'R98', 'R99', 'I46.1'], deathCodes: ['5', '8'] },
    check: (claim, { codes: reserved, deathCodes }, context) => {
      const code = value(claim.xml1, 'MA_BENH_CHINH');
      const said = rowsOf(code, claim, context).flatMap(({ deathOnly }) => deathOnly ?? []);
      const isReserved =
        said.length > 0 ? said.every((one) => one === true) : reserved.some((one) => isOrBelow(code, one));
      if (!isReserved) return 'not-applicable';
      const died = deathCodes.includes(value(claim.xml1, 'KET_QUA_DTRI'));
      return died ? [] : [inTable('XML1', 'MA_BENH_CHINH', { value: code })];
    },
  }),
];
