import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY, type TestTables, visit } from '../../test/harness/rules.ts';
import { loadPolicy } from '../benefits/index.ts';
import { builtInsOf } from './built-ins.ts';
import { type ClaimFileView, checkFile, checkFiles, claimsOf, notChecked } from './check.ts';
import type { Use } from './encounter.ts';
import { type AnyRule, inTable, type Row, rule } from './rule.ts';

const builtIns = builtInsOf(loadPolicy());
const file = (...records: readonly TestTables[]): ClaimFileView => ({
  facilityCode: '40021',
  madeOn: CHECK_DAY,
  records,
});
const set = (...records: readonly TestTables[]) => claimsOf([file(...records)]);
const keys = (all: readonly { readonly key: string }[]) => all.map(({ key }) => key);
const at = (uses: readonly Use[]) => uses.map((use) => `${use.encounter.key} ${use.group} ${use.act}`);
const line = (row: Row, values: Row = {}) => visit(values, { XML3: [row] });

describe('the claims of one set', () => {
  const BY = ['SO_CCCD', 'MA_THE_BHYT', 'MA_BN'] as const;

  test('are of one person by identity number, by card, or by number within the facility', () => {
    const claims = set(
      visit({ MA_LK: 'A', SO_CCCD: '1', MA_THE_BHYT: 'DN4400012345678' }),
      visit({ MA_LK: 'B', SO_CCCD: '1', MA_BN: '', MA_CSKCB: '40555' }),
      visit({ MA_LK: 'C', MA_THE_BHYT: 'X; HT3400012345678', MA_BN: 'P9', MA_CSKCB: '40555' }),
      visit({ MA_LK: 'D', MA_CSKCB: '40555' }),
      visit({ MA_LK: 'E', SO_CCCD: '2' }),
    );
    expect(keys(claims.at(0).ofPerson(BY))).toEqual(['B', 'C', 'E']);
    expect(keys(claims.at(0).ofPerson(['SO_CCCD']))).toEqual(['B']);
    expect(keys(claims.at(1).ofPerson(BY))).toEqual(['A']);
    expect(keys(claims.at(3).ofPerson(BY))).toEqual([]);
  });

  test('the same record given again is no other encounter, one without a key is', () => {
    const claims = set(visit({}), visit({}), visit({ MA_LK: '' }), visit({ MA_LK: '' }));
    expect(keys(claims.at(0).ofPerson(BY))).toEqual(['', '']);
    expect(claims.at(0).withKey()).toHaveLength(1);
    expect(keys(claims.at(2).ofPerson(BY))).toEqual(['A', 'A', '']);
  });

  test('a claim that is not among them is the latest', () => {
    const claims = set(visit({}));
    const records = [visit({ MA_LK: 'B' })];
    const view = claimsOf([file(...records)]).at(0).self;
    expect(view.position).toBe(0);
    const draft = {
      facilityCode: '40021',
      xml1: records[0]!.XML1![0]!,
      xml2: [],
      xml3: [],
      xml4: [],
      xml5: [],
    };
    const around = claims.around({
      ...draft,
      chargeRows: [],
      earlierKeys: new Set(),
      tables: [],
      has: () => false,
      rows: () => [],
      count: () => 0,
    });
    expect([around.self.position, keys(around.ofPerson(BY))]).toEqual([1, ['A']]);
  });

  test('machines are known by facility, machine and day, over midnight too', () => {
    const used = { MA_NHOM: '1', MA_MAY: 'XQ.1.A;B', NGAY_TH_YL: '202611022300', NGAY_KQ: '202611030100' };
    const claims = set(line(used), visit({ MA_LK: 'B' }), visit({ MA_LK: 'C', MA_CSKCB: '40555' }));
    expect(at(claims.at(1).onMachine('XQ.1.B', '20261103'))).toEqual(['A 1 done']);
    expect(at(claims.at(1).onMachine('XQ.1.A', '20261102'))).toEqual(['A 1 done']);
    expect(claims.at(1).onMachine('XQ.1.A', '20261104')).toEqual([]);
    expect(claims.at(0).onMachine('XQ.1.A', '20261102')).toEqual([]);
    expect(claims.at(2).onMachine('XQ.1.A', '20261102')).toEqual([]);
  });

  test('something that ends at midnight does not reach into the next day', () => {
    const used = { MA_MAY: 'XQ.1.A', NGAY_TH_YL: '202611022300', NGAY_KQ: '202611030000' };
    expect(
      set(line(used), visit({ MA_LK: 'B' }))
        .at(1)
        .onMachine('XQ.1.A', '20261103'),
    ).toEqual([]);
  });

  test('practitioners are known by what they ordered and did, at any facility', () => {
    const row = {
      MA_NHOM: '18',
      MA_BAC_SI: 'BS1; BS2',
      NGUOI_THUC_HIEN: 'KTV',
      NGAY_YL: '202611020900',
      NGAY_TH_YL: '202611030900',
    };
    const drug = { MA_NHOM: '4', MA_BAC_SI: 'BS1', NGAY_YL: '202611021000' };
    const exam = { ...row, MA_NHOM: '13' };
    const claims = set(
      visit({}, { XML2: [drug, drug], XML3: [row, row, exam, exam] }),
      visit({ MA_LK: 'B', MA_CSKCB: '40555' }),
    );
    const seen = claims.at(1);
    // The same drug doctor and minute once; each examination.
    expect(at(seen.ofPractitioner('BS1', '20261102'))).toEqual([
      'A 4 ordered',
      'A 18 ordered',
      'A 13 ordered',
      'A 13 ordered',
    ]);
    expect(at(seen.ofPractitioner('BS2', '20261102'))[0]).toBe('A 18 ordered');
    expect(at(seen.ofPractitioner('KTV', '20261103'))[0]).toBe('A 18 done');
    expect(seen.ofPractitioner('KTV', '20261102')).toEqual([]);
  });

  test('beds are known by facility, department, bed and day', () => {
    const bed = {
      MA_NHOM: '15',
      MA_KHOA: 'K03',
      MA_GIUONG: 'H001;H002',
      NGAY_YL: '202611020000',
      TYLE_TT_DV: '50',
    };
    const { inBed } = set(line(bed), visit({ MA_LK: 'B' })).at(1);
    expect(inBed('K03', 'H002', '20261102').map(({ rate }) => rate)).toEqual(['50']);
    expect(inBed('K04', 'H002', '20261102')).toEqual([]);
    expect(inBed('K03', 'H002', '20261103')).toEqual([]);
  });
});

describe('checkFiles', () => {
  const saysHowMany: AnyRule = rule({
    id: 'T_OTHERS',
    severity: 'warning',
    stage: 'order',
    needs: ['other_encounters'],
    params: {},
    check: (_, __, { neighbours }) => {
      const count = neighbours.ofPerson(['MA_BN']).length;
      return count > 0 ? [inTable('XML1', 'MA_BN', { count: String(count) })] : [];
    },
  });
  const options = { builtIns, rules: [saysHowMany] };
  const files = [file(visit({}), visit({ MA_LK: 'B' })), file(), file(visit({ MA_LK: 'C' }))];

  test('gives the findings file by file, each claim sees all the others', () => {
    const found = [...checkFiles(files, options)];
    expect(found.map((one) => one.map(({ maLk, values }) => `${maLk} ${values.count}`))).toEqual([
      ['A 2', 'B 2'],
      [],
      ['C 2'],
    ]);
  });

  test('walks the files twice and keeps none of them', () => {
    let walks = 0;
    const reread = {
      *[Symbol.iterator]() {
        walks += 1;
        yield* files;
      },
    };
    expect([...checkFiles(reread, options)]).toEqual([...checkFiles(files, options)]);
    expect(walks).toBe(2);
  });

  test('one claim has nothing to be compared with: the rule is listed as not checked', () => {
    expect(checkFile(file(visit({})), options)).toEqual([]);
    expect(notChecked(options, 1)).toEqual([{ rule: 'T_OTHERS', needs: 'other_encounters' }]);
    expect(notChecked(options, 2)).toEqual([]);
  });
});
