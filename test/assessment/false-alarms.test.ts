/**
 * What made public projects cry wolf, each with the situation that must stay silent and the mistake beside it that must
 * not. The claims are well-recorded ones of the corpus, changed.
 */
import { describe, expect, test } from '@jest/globals';
import {
  added,
  again,
  all,
  type Change,
  each,
  reckon,
  set,
  xml1,
} from '../../fixtures/assessment/mutations/change.ts';
import { MUTATIONS } from '../../fixtures/assessment/mutations/index.ts';
import { drugLine, stay } from '../../fixtures/assessment/source/claim.ts';
import { CLEAN } from '../../fixtures/assessment/source/clean.ts';
import { DRUGS, SERVICES } from '../../fixtures/assessment/source/goods.ts';
import { builtIns, fileCatalogues, type Judged, judge } from '../../fixtures/assessment/source/judge.ts';
import type { PersonName } from '../../fixtures/assessment/source/people.ts';
import { expectedRules, planted } from '../../fixtures/assessment/source/plant.ts';
import { STAFF } from '../../fixtures/assessment/source/staff.ts';
import { catalogueOf } from '../../src/assessment/catalogues.ts';
import { notChecked } from '../../src/assessment/files.ts';
import { ALL_RULES, checkFile } from '../../src/assessment/index.ts';

const spoken = (base: PersonName, change: Change, more: Judged = {}): readonly string[] => {
  const claim = CLEAN[base]();
  change(claim);
  return [...new Set(judge([claim], more).map(({ rule }) => rule))].toSorted();
};
/** Rules of that beginning that speak of the changed claim. */
const of = (beginning: string, base: PersonName, change: Change, more: Judged = {}) =>
  spoken(base, change, more).filter((rule) => rule.startsWith(beginning));
const nothing: Change = () => {};

describe('dosage text', () => {
  const dosed = (text: string) => of('DRG_DOSE', 'outpatient', set('XML2', 1, { LIEU_DUNG: text }));
  test.each([
    '1 viên/lần * 4 lần/ngày * 5 ngày [20 viên]',
    '1 viên/lần*4 lần/ngày*5 ngày',
    'Ngày uống 4 lần, mỗi lần 1 viên * 5 ngày',
    '1 viên/lần * 4 lần/ngày',
    'Sáng: 1 viên, Trưa: 1 viên, Chiều: 1 viên, Tối: 1 viên',
  ])('all forms are read: %s', (text) => expect(dosed(text)).toEqual([]));
  test('a total is computed only where it is really stated', () => {
    expect(dosed('Sáng: 3 viên, Tối: 3 viên')).toEqual([]);
    expect(dosed('1 viên/lần * 3 lần/ngày * 5 ngày')).toEqual(['DRG_DOSE_TOTAL']);
  });
  test('what is no dosage is said once and silences nothing', () => {
    expect(dosed('Theo đơn')).toEqual(['DRG_DOSE_FORMAT']);
    const two = all(
      set('XML2', 1, { LIEU_DUNG: 'Theo đơn' }),
      set('XML2', 2, { LIEU_DUNG: '1 gói/lần * 4 lần/ngày * 5 ngày' }),
    );
    expect(of('DRG_DOSE', 'outpatient', two)).toEqual(['DRG_DOSE_FORMAT', 'DRG_DOSE_UNIT']);
  });
});

describe('second operation at 100 %', () => {
  const { drainage } = SERVICES;
  const second = (values: Record<string, string>) =>
    of(
      'SVC_SECOND',
      'surgery',
      all(
        again('XML3', 3, {
          MA_DICH_VU: drainage.MA_DICH_VU,
          DON_GIA_BH: drainage.DON_GIA_BH,
          DON_GIA_BV: drainage.DON_GIA_BH,
          ...values,
        }),
        reckon,
      ),
    );
  test('another operation on another day', () =>
    expect(second({ NGAY_TH_YL: '202609171000', NGAY_KQ: '202609171100' })).toEqual([]));
  test('a procedure at the same time', () => expect(second({ MA_NHOM: '18' })).toEqual([]));
  test('a second one of the same operation', () => expect(second({})).toEqual(['SVC_SECOND_SURGERY_RATE']));
});

describe('referral papers', () => {
  const papers = (base: PersonName, change: Change) =>
    of('XML1', base, change).filter((rule) => /^XML1[34]/.test(rule));
  test('who came with a paper leaves without one', () => {
    expect(CLEAN.transferIn().XML1![0]!.MA_NOI_DI).not.toBe('');
    expect(papers('transferIn', nothing)).toEqual([]);
  });
  test('who is sent on has one', () =>
    expect(papers('transferOut', (claim) => delete claim.XML13)).toEqual(['XML13_REQUIRED']));
});

describe('classes by their exact code', () => {
  const classes = (code: string) =>
    of('BEN_ZERO', 'outpatient', xml1({ MA_DOITUONG_KCB: code, MA_DKBD: '40555' }));
  test.each(['3.2', '3.3', '3.6'])('%s is not 3.1', (code) => expect(classes(code)).toEqual([]));
  test('3.1 out-patient is not paid', () => expect(classes('3.1')).toEqual(['BEN_ZERO_RATE_CLASSES']));
  test('3 is no class', () =>
    expect(of('BEN_CLASS_CATALOGUE', 'outpatient', xml1({ MA_DOITUONG_KCB: '3' }))).toEqual([
      'BEN_CLASS_CATALOGUE',
    ]));
});

describe('scope of the insurance: the money counts, not the label', () => {
  const labelled = all(set('XML3', 2, { PHAM_VI: '2', DON_GIA_BH: '0' }), reckon);
  test('outside of the scope and unpaid', () => expect(of('MON_', 'outpatient', labelled)).toEqual([]));
  test('outside of the scope and paid', () =>
    expect(of('MON_OUT', 'outpatient', set('XML3', 2, { PHAM_VI: '2' }))).toEqual(['MON_OUT_OF_SCOPE_PAID']));
});

describe('bed-days', () => {
  // A night in the emergency department before the ward.
  const waited: Change = all(
    xml1({ NGAY_VAO: '202609181400', SO_NGAY_DTRI: '5' }),
    set('XML7', 1, { NGAY_VAO: '202609181400' }),
  );
  test('begin in the ward, not at the door', () => expect(of('BED_DAY', 'transferIn', waited)).toEqual([]));
  test('a day that was not charged is another matter than one too many', () => {
    const shorter: Change = (claim) => {
      claim.XML3!.splice(3, 2);
      reckon(claim);
    };
    expect(of('BED_DAY', 'transferIn', shorter)).toEqual(['BED_DAY_COUNT_SHORT']);
    const longer = all(again('XML3', 5, { NGAY_YL: '202609221450' }), reckon);
    expect(of('BED_DAY', 'transferIn', longer)).toEqual(['BED_DAY_COUNT_EXCESS']);
  });
});

describe('machines by the list of services', () => {
  const missing = (base: PersonName, change: Change) => of('SVC_MACHINE_REQUIRED', base, change);
  test('whatever the group: a procedure that needs none', () =>
    expect(missing('injury', set('XML3', 2, { MA_NHOM: '2' }))).toEqual([]));
  test('whatever the group: a procedure that needs one', () =>
    expect(missing('chronicServices', set('XML3', 1, { MA_MAY: '' }))).toEqual(['SVC_MACHINE_REQUIRED']));
  test('stopped: the code without its suffix', () =>
    expect(
      missing(
        'chronicServices',
        set('XML3', 1, (line) => ({ MA_MAY: '', MA_DICH_VU: `${line.MA_DICH_VU}_TB` })),
      ),
    ).toEqual([]));
  test('a supply of such a service is no use of the machine', () => {
    const line = CLEAN.supplies().XML3!.find(({ MA_NHOM }) => MA_NHOM === '10')!;
    const supply = added('XML3', () => ({ ...line, MA_DICH_VU: SERVICES.dialysis.MA_DICH_VU }));
    expect(missing('chronicServices', supply)).toEqual([]);
  });
});

describe('who pays is decided line by line', () => {
  const unknown = { MA_DICH_VU: '02.1999' };
  test('a line that the patient pays, in the claim of an insured', () =>
    expect(
      of('SVC_IN_CATALOGUE', 'outpatient', all(set('XML3', 1, { ...unknown, PHAM_VI: '2' }), reckon)),
    ).toEqual([]));
  test('a line of the insurance', () =>
    expect(of('SVC_IN_CATALOGUE', 'outpatient', set('XML3', 1, unknown))).toEqual(['SVC_IN_CATALOGUE']));
});

describe('drug codes', () => {
  const added_ = (values: Record<string, string>) =>
    of(
      'DRG_REGISTRATION',
      'transferIn',
      added('XML2', () => ({
        ...drugLine(stay('transferIn', '03', '202609191400', '202609221500'), 60, DRUGS.oxygen, '1'),
        SO_DANG_KY: '',
        ...values,
      })),
    );
  test('blood and oxygen are no registered drugs', () => {
    expect(added_({})).toEqual([]);
    expect(added_({ MA_THUOC: 'M0012', MA_NHOM: '7' })).toEqual([]);
  });
  test('a drug is', () => expect(added_({ MA_THUOC: '40.184' })).toEqual(['DRG_REGISTRATION_REQUIRED']));
});

describe('staff', () => {
  const by = (code: string) => of('STF_', 'outpatient', set('XML3', 2, { NGUOI_THUC_HIEN: code }));
  test('an integration account is called one, and has no licence to run out', () =>
    expect(by(STAFF.account)).toEqual(['STF_INTEGRATION_ACCOUNT']));
  test('a licence that nobody knows', () => expect(by('0499999/NA-CCHN')).toEqual(['STF_EXECUTOR_KNOWN']));
});

describe('local ICD codes', () => {
  const coded = (code: string, rows: readonly { code: string }[]) => {
    const claim = CLEAN.outpatient();
    claim.XML1![0]!.MA_BENH_KT = code;
    const rule = ALL_RULES.filter(({ id }) => id === 'ICD_IN_CATALOGUE');
    const catalogues = { icd10_catalogue: catalogueOf([{ code: 'J18.9' }, ...rows], 'code')! };
    const file = { facilityCode: '40021', madeOn: '2026-09-25', records: [claim] };
    return checkFile(file, { builtIns, rules: rule, catalogues }).map(({ values }) => values.value);
  };
  test('more detailed ones stand in the catalogue', () =>
    expect(coded('I10.01', [{ code: 'I10.01' }])).toEqual([]));
  test('one that does not is not cut down to a shorter one', () =>
    expect(coded('I10.02', [{ code: 'I10' }, { code: 'I10.01' }])).toEqual(['I10.02']));
});

describe('empty catalogue', () => {
  test('is a missing one: not checked, never wrong', () => {
    expect(catalogueOf([], 'MA_THUOC')).toBeUndefined();
    const catalogues = Object.fromEntries(
      Object.entries(fileCatalogues).filter(([name]) => name !== 'drug_catalogue'),
    );
    const file = { facilityCode: '40021', madeOn: '2026-09-25', records: [CLEAN.outpatient()] };
    expect(checkFile(file, { builtIns, catalogues })).toEqual([]);
    expect(notChecked({ builtIns, catalogues }, 1)).toContainEqual({
      rule: 'DRG_CODE_IN_CATALOGUE',
      needs: 'drug_catalogue',
    });
  });
  test('one that has rows says what is not in it', () =>
    expect(of('DRG_CODE_IN', 'outpatient', set('XML2', 1, { MA_THUOC: '40.999' }))).toEqual([
      'DRG_CODE_IN_CATALOGUE',
    ]));
});

describe('totals', () => {
  const written = (change: (text: string) => string): Change =>
    xml1((line) => ({ T_BHTT: change(line.T_BHTT!), T_TONGCHI_BV: change(line.T_TONGCHI_BV!) }));
  test('are numbers, however they are written', () =>
    expect(
      spoken(
        'outpatient',
        all(
          written((text) => `${text}.00`),
          each('XML3', (line) => ({ T_BHTT: `${line.T_BHTT}.00` })),
        ),
      ),
    ).toEqual([]));
  test('tenths add up exactly', () =>
    expect(
      of(
        'MON_SUM',
        'outpatient',
        all(
          set('XML3', 2, { T_BHTT: '36800.1', T_BNCCT: '9199.9' }),
          set('XML3', 3, { T_BHTT: '17600.2', T_BNCCT: '4399.8' }),
          (claim) => reckonSums(claim),
        ),
      ),
    ).toEqual([]));
  test('a wrong one is wrong', () =>
    expect(
      of(
        'MON_SUM',
        'outpatient',
        xml1((line) => ({ T_BHTT: `${line.T_BHTT}0` })),
      ),
    ).toEqual(['MON_SUM_BHTT']));
});
const reckonSums: Change = (claim) => {
  const sum = (field: string) =>
    [...claim.XML2!, ...claim.XML3!].reduce(
      (total, line) => total + Math.round(Number(line[field]) * 10),
      0,
    ) / 10;
  Object.assign(claim.XML1![0]!, {
    T_BHTT: String(sum('T_BHTT')),
    T_BNCCT: String(sum('T_BNCCT')),
    T_BHTT_GDV: String(sum('T_BHTT')),
  });
};

describe('temporary cards of the newborn', () => {
  const unasked = { lookups: () => [] };
  test('are not looked up', () => expect(of('CARD_LOOKUP', 'newborn', nothing, unasked)).toEqual([]));
  test('others are', () =>
    expect(of('CARD_LOOKUP', 'outpatient', nothing, unasked)).toEqual(['CARD_LOOKUP_MISSING']));
});

describe('proxies', () => {
  test('what is noted in words is no allergy and no interaction', () =>
    expect(spoken('outpatient', xml1({ GHI_CHU: 'Dị ứng amoxicilin, chống chỉ định' }))).toEqual([]));
  test('an interaction is read from its catalogue', () => {
    const pair = MUTATIONS.find(({ rule }) => rule === 'DRG_INTERACTION')!;
    expect(judge(planted(pair)).map(({ rule }) => rule)).toEqual(['DRG_INTERACTION']);
  });
});

describe('dead rules', () => {
  test('there are none: every rule speaks of its planted mistake, and of no well-recorded claim', () => {
    const alive = MUTATIONS.flatMap(expectedRules);
    expect(ALL_RULES.map(({ id }) => id).filter((id) => !alive.includes(id))).toEqual([]);
  });
});
