import { describe, expect, test } from '@jest/globals';
import { claimOf } from './claim.ts';
import { isExempt, judged } from './exemption.ts';
import { completed } from './finding.ts';
import { type AnyRule, inRow, inTable, type Rule } from './rule.ts';
import type { EffectiveRule, Exemptions } from './settings.ts';

const rule = (id = 'A'): Rule<unknown> => ({
  id,
  severity: 'error',
  stage: 'order',
  params: {},
  cause: 'service',
  check: () => [],
});
const claim = claimOf('40021', {
  XML1: [
    { MA_LK: 'A', MA_THE_BHYT: 'DN4400000000001;TE1400000000001', MA_KHOA: 'K01;K02', MA_BENH_CHINH: 'J00' },
  ],
  XML2: [{ MA_THUOC: '40.17', MA_KHOA: 'K01', MA_BAC_SI: '001/NA-CCHN' }],
  XML3: [
    { MA_DICH_VU: '02.0085.1778_TB', MA_KHOA: 'K02', NGUOI_THUC_HIEN: '002/NA;HIS-LAB' },
    { MA_VAT_TU: 'N07.01', MA_KHOA: '' },
  ],
});
const inDrug = completed(inRow(claim.xml2[0]!, 'MA_THUOC'), rule(), claim);
const inService = completed(inRow(claim.xml3[0]!, 'MA_MAY'), rule(), claim);
const inSupply = completed(inRow(claim.xml3[1]!, 'MA_VAT_TU'), rule(), claim);
const ofVisit = completed(inTable('XML1', 'MA_BENH_KT', { code: 'Z99' }), rule(), claim);

describe('a rule does not speak of', () => {
  test.each<readonly [string, Exemptions, readonly boolean[]]>([
    ['what is not exempt', {}, [false, false, false, false]],
    ['rows of a department', { departments: ['K01'] }, [true, false, false, false]],
    [
      'a visit, all of whose departments are exempt',
      { departments: ['K01', 'K02'] },
      [true, true, false, true],
    ],
    ['a drug', { codes: ['40.17'] }, [true, false, false, false]],
    ['a service with its suffix, or without', { codes: ['02.0085.1778'] }, [false, true, false, false]],
    ['a service with its suffix only', { codes: ['02.0085.1778_TB'] }, [false, true, false, false]],
    ['a supply', { codes: ['N07.01'] }, [false, false, true, false]],
    ['a diagnosis', { codes: ['Z99'] }, [false, false, false, true]],
    ['a part of a code', { codes: ['40.1', '02', 'Z9'] }, [false, false, false, false]],
    ['a group of cards', { cards: ['TE'] }, [true, true, true, true]],
    ['the first characters of a card', { cards: ['DN44'] }, [true, true, true, true]],
    ['other cards', { cards: ['QN', 'N4'] }, [false, false, false, false]],
    ['an account that is no person', { accounts: ['HIS-LAB'] }, [false, true, false, false]],
    ['a person whose number begins so', { accounts: ['001/NA'] }, [false, false, false, false]],
  ])('%s', (_, exempt, expected) => {
    expect([inDrug, inService, inSupply, ofVisit].map((one) => isExempt(one, exempt, claim))).toEqual(
      expected,
    );
  });
});

test('what is shown carries its effect; what a rule says to itself, or is exempt from, is gone', () => {
  const effective = (id: string, more: Partial<EffectiveRule> = {}): EffectiveRule => ({
    rule: rule(id) as unknown as AnyRule,
    effect: 'warn',
    exempt: {},
    isSilent: false,
    ...more,
  });
  const of = (id: string) => ({ ...inDrug, rule: id });
  const found = judged(
    ['A', 'B', 'C', 'UNKNOWN'].map(of),
    new Map(
      [
        effective('A'),
        effective('B', { isSilent: true }),
        effective('C', { exempt: { codes: ['40.17'] } }),
      ].map((one) => [one.rule.id, one]),
    ),
    claim,
  );
  expect(found).toEqual([{ ...of('A'), effect: 'warn' }]);
});
