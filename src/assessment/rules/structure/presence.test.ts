import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY, ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { text } from '../../../messages/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { checkFile, type Tables } from '../../check.ts';
import type { AnyRule } from '../../rule.ts';
import { rules } from './index.ts';

const builtIns = builtInsOf(loadPolicy());

/** `RULE FIELD` of every finding in a file of several dossiers. */
const spoken = (records: readonly Tables[], only: readonly AnyRule[] = rules): readonly string[] =>
  checkFile({ facilityCode: '40021', madeOn: CHECK_DAY, records }, { builtIns, rules: only }).map(
    ({ rule, field }) => `${rule} ${field}`,
  );

ruleTable(rules, 'STR_XML1_PRESENT', [
  ['one row', xml1({ MA_LK: 'A' }), []],
  ['no table', { XML2: [{ STT: '1' }] }, ['XML1 null']],
  ['a table without rows', { XML1: [] }, ['XML1 null']],
  ['two rows', { XML1: [{ MA_LK: 'A' }, { MA_LK: 'B' }] }, ['XML1 null']],
]);

describe('a claim without its XML1', () => {
  test('has that one finding, and the next claim is judged', () => {
    expect(spoken([{ XML2: [{ STT: 'x' }] }, { XML2: [] }])).toEqual([
      'STR_XML1_PRESENT null',
      'STR_XML1_PRESENT null',
    ]);
    expect(spoken([{}, { XML1: [{}] }])).toContain('STR_MA_LK_REQUIRED MA_LK');
  });
});

ruleTable(rules, 'STR_DETAIL_PRESENT', [
  ['a drug', { ...xml1({ T_TONGCHI_BV: '100.00' }), XML2: [{ STT: '1' }] }, []],
  ['a service', { ...xml1({ T_TONGCHI_BV: '100.00' }), XML3: [{ STT: '1' }] }, []],
  ['cost without lines', xml1({ T_TONGCHI_BV: '100.00' }), ['XML1 T_TONGCHI_BV']],
  ['a hundredth without lines', xml1({ T_TONGCHI_BV: '0.01' }), ['XML1 T_TONGCHI_BV']],
  ['no cost, no lines', xml1({ T_TONGCHI_BV: '0.00' }), []],
  ['unknown cost', xml1({ T_TONGCHI_BV: '' }), []],
]);

ruleTable(rules, 'STR_MA_LK_REQUIRED', [
  ['all allowed signs', xml1({ MA_LK: ' 40021-2026/11_24.A ' }), []],
  ['blank', xml1({ MA_LK: '  ' }), ['XML1 MA_LK']],
  ['absent', xml1({}), ['XML1 MA_LK']],
  ['a blank inside', xml1({ MA_LK: '40021 1' }), ['XML1 MA_LK']],
  ['a Vietnamese letter', xml1({ MA_LK: 'Đ1' }), ['XML1 MA_LK']],
  ['100 characters', xml1({ MA_LK: 'A'.repeat(100) }), []],
  ['101 characters', xml1({ MA_LK: 'A'.repeat(101) }), ['XML1 MA_LK']],
]);

describe('STR_DUPLICATE_HOSO', () => {
  const alone = rules.filter(({ id }) => id === 'STR_DUPLICATE_HOSO');
  const keys = (...texts: string[]) =>
    spoken(
      texts.map((MA_LK) => ({ XML1: [{ MA_LK }] })),
      alone,
    );

  test('speaks on every later record with the same key', () => {
    expect(keys('A', 'B', 'C')).toEqual([]);
    expect(keys('A', 'A')).toHaveLength(1);
    expect(keys('A', 'B', ' A', 'A')).toHaveLength(2);
  });
  test('names the key in both languages', () => {
    for (const language of ['vi', 'en'] as const)
      expect(text(language, 'rules.STR_DUPLICATE_HOSO', { value: 'K1' })).toMatch(/MA_LK K1 [^{}]+$/);
  });
  test('capital and small letters differ; blank keys are left to STR_MA_LK_REQUIRED', () => {
    expect(keys('a', 'A', '', '')).toEqual([]);
  });
});

ruleTable(rules, 'STR_FACILITY_ENVELOPE', [
  ['the facility of the envelope', xml1({ MA_CSKCB: '40021' }), []],
  ['another one', xml1({ MA_CSKCB: '40022' }), ['XML1 MA_CSKCB']],
  ['blank', xml1({ MA_CSKCB: '' }), []],
]);

describe('STR_FACILITY_ENVELOPE with branches', () => {
  const params = { allowBranchCodes: { '40901': '40021', '40902': '40022' } };
  const tuned = rules.map((one) => ({ ...one, params }) as unknown as AnyRule);
  ruleTable(tuned, 'STR_FACILITY_ENVELOPE', [
    ['a branch of it', xml1({ MA_CSKCB: '40901' }), []],
    ['a branch of another', xml1({ MA_CSKCB: '40902' }), ['XML1 MA_CSKCB']],
  ]);
});
