import { expect, test } from '@jest/globals';
import { claimOf } from './claim.ts';
import { completed, findingKey, valueHash } from './finding.ts';
import { inRow, inTable, type Rule } from './rule.ts';

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
const signed = claimOf('40021', {
  XML1: [{ ...xml1, MA_TTDV: 'H1' }],
  XML4: [{ MA_BS_DOC_KQ: 'R1' }],
  XML5: [{ NGUOI_THUC_HIEN: 'A; B' }],
  XML7: [{ MA_TTDV: 'H2' }],
});
const team = () => signed.xml5[0]!;
const read = () => signed.xml4[0]!;

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

test.each([
  ['whoever signed the paper, not the head of XML1', inTable('XML7', 'MA_TTDV'), 'H2'],
  ['the one of a team whom it shows', inRow(team(), 'NGUOI_THUC_HIEN', { value: 'B' }), 'B'],
  ['nobody of a team when it shows all', inRow(team(), 'NGUOI_THUC_HIEN'), null],
  ['the reader of a result', inRow(read(), 'MA_BS_DOC_KQ'), 'R1'],
])('a practitioner: %s', (_name, found, key) => {
  const { cause } = completed(found, rule({ cause: 'practitioner' }), signed);
  expect(cause).toEqual(key === null ? null : { kind: 'practitioner', key });
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
