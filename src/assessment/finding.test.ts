import { expect, test } from '@jest/globals';
import { claimOf } from './claim.ts';
import { completed, findingKey, valueHash } from './finding.ts';
import { inRow, inTable, type Rule } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';

const rule = (more: Partial<Rule<unknown>> = {}): Rule<unknown> => ({
  id: 'DRG_TEST',
  severity: 'error',
  stage: 'order',
  params: { tol: 1 },
  check: () => [],
  ...more,
});
const xml1 = { MA_LK: 'A', MA_BN: 'P1', T_BHTT: '1500', MA_BENH_CHINH: 'J00' };
const drug = { MA_THUOC: '40.67', NGAY_YL: '202611020800', T_BHTT: '820.5', MA_BAC_SI: '001/NA' };
const service = { MA_DICH_VU: '02.0085.1778_TB', MA_MAY: 'XN.1.A', NGUOI_THUC_HIEN: '002/NA' };
const claim = claimOf('40021', { XML1: [xml1], XML2: [drug], XML3: [service] });

test('a finding in a row carries the money of the row, the rule with its parameters, and the row by its content', () => {
  const found = completed(inRow(claim.xml2[0]!, 'MA_THUOC'), rule({ version: 3 }), claim);
  expect(found).toMatchObject({
    rule: 'DRG_TEST',
    version: 3,
    params: { tol: 1 },
    maLk: 'A',
    amount: '820.50',
    cause: null,
  });
  expect(found.rowKey).toContain('40.67');
});

test('a finding without a row, or in a row without money, carries the money of the claim; none where none is known', () => {
  expect(completed(inTable('XML1', 'T_BHTT'), rule(), claim).amount).toBe('1500.00');
  expect(completed(inRow(claim.xml3[0]!, 'MA_MAY'), rule(), claim).amount).toBe('1500.00');
  const draft = claimOf('40021', { XML1: [{ MA_LK: 'A', T_BHTT: '' }] });
  expect(completed(inTable('XML1', 'T_BHTT'), rule(), draft).amount).toBeNull();
});

test.each([
  ['drug', inRow(claim.xml2[0]!, 'DON_GIA'), '40.67'],
  ['service', inRow(claim.xml3[0]!, 'DON_GIA'), '02.0085.1778'],
  ['machine', inRow(claim.xml3[0]!, 'MA_MAY'), 'XN.1.A'],
  ['practitioner', inRow(claim.xml3[0]!, 'NGUOI_THUC_HIEN'), '002/NA'],
  ['practitioner', inRow(claim.xml2[0]!, 'NGAY_YL'), '001/NA'],
  ['person', inTable('XML1', 'NGAY_SINH'), 'P1'],
  ['diagnosis', inTable('XML1', 'MA_BENH_KT', { code: 'Z99' }), 'Z99'],
  ['diagnosis', inTable('XML1', 'MA_BENH_CHINH'), 'J00'],
] as const)('names the %s behind it', (kind, found, key) => {
  expect(completed(found, rule({ cause: kind }), claim).cause).toEqual({ kind, key });
});

const ofRule = (id: string) => ALL_RULES.find((one) => one.id === id)!;
const paper = { MA_LK: 'A', MA_BN: 'P1', MA_TTDV: '9/TTDV' };
const papers = claimOf('40021', {
  XML1: [paper],
  XML2: [drug],
  XML3: [service],
  XML4: [{ MA_BS_DOC_KQ: '3/NA' }],
  XML5: [{ NGUOI_THUC_HIEN: '4/NA' }],
});
test.each([
  ['LAB_READER_KNOWN', inRow(papers.xml4[0]!, 'MA_BS_DOC_KQ'), 'practitioner', '3/NA'],
  ['NOTE_AUTHOR', inRow(papers.xml5[0]!, 'NGUOI_THUC_HIEN'), 'practitioner', '4/NA'],
  ['DIS_HEAD_SIGNER', inTable('XML1', 'MA_TTDV'), 'practitioner', '9/TTDV'],
  ['MON_DRUG_PRICE_JUMP', inRow(papers.xml2[0]!, 'DON_GIA'), 'drug', '40.67'],
  ['DRG_DOSE_FORMAT', inRow(papers.xml2[0]!, 'LIEU_DUNG'), 'practitioner', '001/NA'],
  ['DRG_DOSE_TOTAL', inRow(papers.xml2[0]!, 'SO_LUONG'), 'practitioner', '001/NA'],
  ['DRG_DOSE_UNIT', inRow(papers.xml2[0]!, 'DON_VI_TINH'), 'drug', '40.67'],
  ['DT_EXEC_TOO_SHORT', inRow(papers.xml3[0]!, 'NGAY_KQ'), 'service', '02.0085.1778'],
  ['SVC_MIN_INTERVAL', inRow(papers.xml3[0]!, 'NGAY_YL'), 'service', '02.0085.1778'],
  ['SVC_MUTUALLY_EXCLUSIVE', inRow(papers.xml3[0]!, 'MA_DICH_VU'), 'service', '02.0085.1778'],
  ['XENC_CCCD_TWO_PATIENTS', inTable('XML1', 'SO_CCCD'), 'person', 'P1'],
  ['XENC_CARD_TWO_PERSONS', inTable('XML1', 'MA_THE_BHYT'), 'person', 'P1'],
] as const)('%s comes from one %s', (id, found, kind, key) => {
  expect(completed(found, ofRule(id) as unknown as Rule<unknown>, papers).cause).toEqual({ kind, key });
});

test('names no cause where the row has none', () => {
  expect(completed(inRow(claim.xml2[0]!, 'MA_THUOC'), rule({ cause: 'supply' }), claim).cause).toBeNull();
});

test('is known again wherever its row stands, and shows when its value changed', () => {
  const moved = claimOf('40021', { XML1: [xml1], XML2: [{ MA_THUOC: '1' }, drug] });
  const first = completed(inRow(claim.xml2[0]!, 'DON_GIA', { row: '1', max: '5' }), rule(), claim);
  const again = completed(inRow(moved.xml2[1]!, 'DON_GIA', { row: '2', max: '5' }), rule(), moved);
  const other = completed(inRow(moved.xml2[1]!, 'DON_GIA', { row: '2', max: '6' }), rule(), moved);
  expect(findingKey(again)).toBe(findingKey(first));
  expect(valueHash(again)).toBe(valueHash(first));
  expect(findingKey(other)).toBe(findingKey(first));
  expect(valueHash(other)).not.toBe(valueHash(first));
});
