import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { claimChoices, DEFAULT_CHOICES } from '../choices.ts';
import { dictionary, TABLE_CODES, tableOf } from '../dictionary.ts';
import { EDITION_IDS, type EditionId } from '../editions.ts';
import { PROJECTIONS, projectCheckIn, projectClaim } from '../project.ts';
import type { ClaimSnapshot } from '../snapshot.ts';
import { birthMoment, daysOfDose } from './facts.ts';
import { projection, viewOf } from './projection.ts';
import { xml0 } from './xml0.ts';

const golden = (name: string, edition: EditionId = '3176'): ClaimSnapshot =>
  JSON.parse(
    readFileSync(new URL(`../../../test/golden/${edition}/${name}/input.json`, import.meta.url), 'utf8'),
  ) as ClaimSnapshot;

/** The source of a projection: every field once, on a line that says where it comes from. */
const source = (code: string) => readFileSync(new URL(`./${code.toLowerCase()}.ts`, import.meta.url), 'utf8');

const ALL = [xml0, ...PROJECTIONS];

describe('every official field has exactly one origin, or a reason to stay empty', () => {
  test('every table that hospitals send has a projection', () => {
    const sent = TABLE_CODES.filter((code) => code !== 'XML12');
    expect(ALL.map(({ table }) => table)).toEqual(sent);
    expect(PROJECTIONS.map(({ table }) => table)).toEqual(dictionary().envelope.fileOrder);
  });

  test.each(ALL.map((one) => [one.table, one] as const))('%s, in every edition', (code, { empty }) => {
    const named = [...source(code).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);
    expect(new Set(named).size).toBe(named.length);
    const known = new Set<string>();
    for (const edition of EDITION_IDS) {
      const fields =
        dictionary(edition)
          .tables.get(code)
          ?.fields.map((field) => field.name) ?? [];
      for (const name of fields) known.add(name);
      const written = fields.filter((name) => !(name in empty));
      expect(named.filter((name) => fields.includes(name))).toEqual(written);
    }
    expect([...named, ...Object.keys(empty)].filter((name) => !known.has(name))).toEqual([]);
    for (const reason of Object.values(empty)) expect(reason.length).toBeGreaterThan(10);
  });

  test('a projection that lacks a field, or has one too many, does not run', () => {
    const view = viewOf(golden('example-01-low-cost'));
    const fields = tableOf('XML5').fields.map((field) => field.name);
    const all = Object.fromEntries(fields.map((name) => [name, '1']));
    const rowsOf = (origins: Record<string, string>, empty: Record<string, string> = {}) =>
      projection(
        'XML5',
        (visit) => [visit],
        () => origins,
        empty,
      ).rows(view);
    expect(() => rowsOf({ MA_LK: 'x' })).toThrow(/missing: STT/);
    expect(rowsOf(all)).toHaveLength(1);
    expect(() => rowsOf({ ...all, EXTRA: '1' })).toThrow(/unknown: EXTRA/);
    expect(() => rowsOf(all, { DU_PHONG: 'spare element' })).toThrow(/twice: DU_PHONG/);
  });
});

describe('a visit in progress gives a draft', () => {
  const draft = projectClaim(golden('draft-in-progress'));

  test('rows are there, amounts and what is not known are empty', () => {
    expect(draft.XML3).toHaveLength(2);
    expect(draft.XML3![0]).toMatchObject({
      STT: '1',
      DON_GIA_BV: '45000',
      SO_LUONG: '1',
      MA_BENH: '',
      THANH_TIEN_BV: '',
      T_BHTT: '',
      MUC_HUONG: '',
      T_NGUONKHAC_NSNN: '',
      NGAY_TH_YL: '',
    });
    expect(draft.XML1![0]).toMatchObject({
      NGAY_RA: '',
      SO_NGAY_DTRI: '',
      NGAY_TTOAN: '',
      NAM_QT: '',
      THANG_QT: '',
      MA_DOITUONG_KCB: '',
      T_BHTT: '',
      T_BHTT_GDV: '',
      T_THUOC: '',
      MA_BENH_CHINH: '',
      MA_THE_BHYT: '',
    });
    expect(Object.keys(draft)).toEqual(['XML1', 'XML3']);
  });

  test('with no line at all, too', () => {
    const { visit } = golden('draft-in-progress');
    const empty: ClaimSnapshot = { visit: { ...visit, lines: [] }, settlement: null };
    expect(Object.keys(projectClaim(empty))).toEqual(['XML1']);
    expect(projectCheckIn(empty)).toMatchObject([
      { MA_DICH_VU: '', MA_THUOC: '', MA_VAT_TU: '', NGAY_YL: '' },
    ]);
  });
});

describe('cards', () => {
  const inpatient = golden('inpatient-referred-out');

  test('four parallel lists in the order presented; our exclusive end becomes the last day; open stays empty', () => {
    expect(projectClaim(inpatient).XML1).toMatchObject([
      {
        MA_THE_BHYT: 'DN4404000000123;DN4404000000999',
        MA_DKBD: '40101;40001',
        GT_THE_TU: '20260101;20260813',
        GT_THE_DEN: '20260812;',
      },
    ]);
  });

  test('check-in names the card in force on arrival', () => {
    const { visit } = inpatient;
    const reversed = { ...inpatient, visit: { ...visit, coverages: visit.coverages.toReversed() } };
    for (const snapshot of [inpatient, reversed]) {
      expect(projectCheckIn(snapshot)).toMatchObject([
        { MA_THE_BHYT: 'DN4404000000123', GT_THE_DEN: '20260812' },
      ]);
    }
  });

  test('a visit declared as not insured shows no card', () => {
    const { visit } = inpatient;
    const unpaid = { ...inpatient, visit: { ...visit, encounter: { ...visit.encounter, routeCode: '9' } } };
    expect(projectClaim(unpaid).XML1).toMatchObject([{ MA_THE_BHYT: '', GT_THE_TU: '', MA_KHUVUC: '' }]);
    expect(projectCheckIn(unpaid)).toMatchObject([{ MA_THE_BHYT: '', MA_DKBD: '' }]);
  });
});

describe('rows', () => {
  const tables = projectClaim(golden('inpatient-referred-out'));

  test('drugs stand in XML2, the rest in XML3, numbered by the time of the order', () => {
    expect(tables.XML2!.map((row) => [row.STT, row.MA_THUOC])).toEqual([
      ['1', '40.163'],
      ['2', '40.576'],
    ]);
    expect(tables.XML3!.map((row) => [row.STT, row.MA_DICH_VU, row.MA_VAT_TU])).toEqual([
      ['1', '02.1899', ''],
      ['2', 'K19.1921', ''],
      ['3', '10.0493.0459', ''],
      ['4', '10.0493.0459', 'N03.05.020'],
    ]);
  });

  test('a supply names its procedure but carries no service name, its price ends at the ceiling', () => {
    expect(tables.XML3![3]).toMatchObject({
      TEN_DICH_VU: '',
      TEN_VAT_TU: 'Ghim khâu máy nội soi',
      GOI_VTYT: 'G1',
      DON_GIA_BV: '2500000',
      T_TRANTT: '2000000',
      DON_GIA_BH: '2000000',
    });
  });

  test('the settlement month is the month of the settlement in Viet Nam, not in UTC', () => {
    const snapshot = golden('example-01-low-cost');
    const settlement = { ...snapshot.settlement!, settledAt: '2026-08-31T17:30:00.000Z' };
    expect(projectClaim({ ...snapshot, settlement }).XML1).toMatchObject([
      { NAM_QT: '2026', THANG_QT: '9', NGAY_TTOAN: '202609010030' },
    ]);
  });
});

describe('birth', () => {
  const { patient } = golden('example-01-low-cost').visit;
  test.each([
    [{ birthDate: '1957-01-01', birthPrecision: 'year', birthTime: null }, '195700000000'],
    [{ birthDate: '1957-06-01', birthPrecision: 'month', birthTime: null }, '195706000000'],
    [{ birthDate: '1957-06-09', birthPrecision: 'day', birthTime: null }, '195706090000'],
    [{ birthDate: '2026-07-30', birthPrecision: 'day', birthTime: '04:05' }, '202607300405'],
  ] as const)('%j → %s', (known, expected) => {
    expect(birthMoment({ ...patient, ...known })).toBe(expected);
  });
});

test.each([
  ['1 viên/lần * 2 lần/ngày * 5 ngày [10 viên]', 5],
  ['1 viên/lần * 2 lần/ngày * 28 ngày [56 viên]', 28],
  ['1 lọ/lần * 2 lần/ngày', 1],
  [null, 1],
])('days of the dose %j: %i', (dose, days) => {
  expect(daysOfDose(dose)).toBe(days);
});

describe('tables that need more than the visit', () => {
  const tables = (
    name: string,
    edition: EditionId,
    change: (snapshot: ClaimSnapshot) => ClaimSnapshot = (s) => s,
  ) => Object.keys(projectClaim(change(golden(name, edition)), { edition }));
  const withEncounter =
    (more: Partial<ClaimSnapshot['visit']['encounter']>) => (snapshot: ClaimSnapshot) => ({
      ...snapshot,
      visit: { ...snapshot.visit, encounter: { ...snapshot.visit.encounter, ...more } },
    });

  test('each is there when it applies, and only then', () => {
    expect(tables('delivery-of-twins', '1931')).toEqual([
      'XML1',
      'XML2',
      'XML3',
      'XML5',
      'XML7',
      'XML8',
      'XML9',
      'XML14',
    ]);
    expect(tables('hiv-and-tuberculosis', '1931')).toEqual([
      'XML1',
      'XML2',
      'XML3',
      'XML4',
      'XML5',
      'XML6',
      'XML8',
      'XML14',
      'XML15',
    ]);
    expect(tables('sick-leave', '1931')).toEqual(['XML1', 'XML3', 'XML5', 'XML7', 'XML11']);
    expect(tables('pregnancy-rest', '1931')).toEqual(['XML1', 'XML2', 'XML3', 'XML8', 'XML10']);
    expect(tables('referred-with-paper', '1931')).toContain('XML13');
  });

  test('a referral paper belongs to a transfer, whoever asked for it', () => {
    for (const [dischargeCode, isThere] of [
      ['2', true],
      ['5', true],
      ['1', false],
      [null, false],
    ] as const)
      expect(tables('referred-with-paper', '1931', withEncounter({ dischargeCode })).includes('XML13')).toBe(
        isThere,
      );
  });

  test('which kinds of care have a summary, changed with 3176', () => {
    const has = (edition: EditionId, classCode: string) =>
      tables('pregnancy-rest', edition, withEncounter({ classCode })).includes('XML8');
    expect(['01', '02', '03', '04', '05', '06', '08', '09'].filter((code) => has('4750', code))).toEqual([
      '03',
      '04',
      '06',
    ]);
    expect(
      ['01', '02', '03', '04', '05', '06', '07', '08', '09'].filter((code) => has('3176', code)),
    ).toEqual(['02', '03', '04', '05', '06', '08', '09']);
  });

  test('what an edition does not know is left out: tables, elements, names', () => {
    expect(tables('hiv-and-tuberculosis', '130')).not.toContain('XML15');
    expect(tables('referred-with-paper', '130')).not.toContain('XML13');
    const referral = (edition: EditionId) =>
      projectClaim(golden('referred-with-paper', edition), { edition }).XML13![0]!;
    expect(referral('4750')).toMatchObject({
      MA_NOI_DI: '40101',
      MA_NOI_DEN: '01901',
      NGAY_VAO: '202409090730',
    });
    expect(referral('4750')).not.toHaveProperty('MA_CSKCB_DI');
    expect(referral('3176')).toMatchObject({
      MA_CSKCB_DI: '40301;40101',
      MA_CSKCB_DEN: '01901',
      NGAY_VAO: '202509071620;202509071740;202509080730',
    });
    expect(referral('3176')).not.toHaveProperty('TEN_THUOC');
  });

  test('a draft holds the papers so far, with nothing where nothing is known', () => {
    const { visit, clinical } = golden('delivery-of-twins', '1931');
    const open = {
      endedAt: null,
      finalDiagnosis: null,
      outcomeCode: null,
      signerLicence: null,
      followUpDates: [],
    };
    const draft = projectClaim({
      visit: { ...visit, encounter: { ...visit.encounter, ...open } },
      settlement: null,
      clinical: clinical!,
    });
    expect(Object.keys(draft)).toContain('XML9');
    expect(draft.XML7).toMatchObject([
      { NGAY_RA: '', CHAN_DOAN_RV: '', MA_TTDV: '', TEN_BS: 'BSCKI. Nguyễn Hữu Phước' },
    ]);
    expect(draft.XML14).toMatchObject([{ NGAY_HEN_KL: '' }]);
    expect(draft.XML2![0]).toMatchObject({ T_BHTT: '', T_NGUONKHAC_CL: '' });
  });

  test('days off: first and last day counted, the day after the last never written', () => {
    expect(projectClaim(golden('sick-leave', '1931')).XML11).toMatchObject([
      { SO_NGAY_NGHI: '30', TU_NGAY: '20260907', DEN_NGAY: '20261006' },
    ]);
  });

  test('the mark of a drug from elsewhere: its letter changed with 3176', () => {
    const mark = (edition: EditionId) =>
      projectClaim(golden('hiv-and-tuberculosis', edition), { edition }).XML2!.map(
        (row) => row.MA_CSKCB_THUOC,
      );
    expect(mark('4750')).toEqual(['HC.01901', '']);
    expect(mark('3176')).toEqual(['H.01901', '']);
  });

  test('the mother stands on the birth certificate unless somebody else cares for the baby', () => {
    expect(projectClaim(golden('delivery-of-twins', '1931')).XML9).toMatchObject([
      {
        HO_TEN_NND: 'Trần Thị Hoài',
        NGAYSINH_NND: '19940312',
        SO_CCCD_NND: '040190000321',
        GIOI_TINH_CON: '1',
      },
      {
        HO_TEN_NND: 'Trần Thị Lành',
        NGAYSINH_NND: '19691002',
        MA_BHXH_NND: '4033333333',
        GIOI_TINH_CON: '2',
      },
    ]);
  });
});

describe('money that others pay', () => {
  const { visit, settlement } = golden('example-02-copay');
  const [first] = settlement!.lines;
  // Insured cost 100,000, of which the fund would pay 80 %; others give 30,000: first the co-payment, then the fund's.
  const paid = {
    ...first!,
    grossAmount: '100000.00',
    insuredAmount: '100000.00',
    insurerPays: '70000.00',
    copay: '0.00',
    selfPay: '0.00',
    otherPayers: '30000.00',
  };
  const snapshot: ClaimSnapshot = {
    visit: { ...visit, lines: visit.lines.filter((line) => line.id === first!.lineId) },
    settlement: { ...settlement!, lines: [paid] },
    clinical: {
      lineDetails: { [first!.lineId]: { otherPayers: { stateBudget: '20000', domesticAid: '1000.5' } } },
    },
  };

  test('what nobody is named for is other; the four parts make the whole', () => {
    const { XML2, XML3 } = projectClaim(snapshot);
    expect([...(XML2 ?? []), ...(XML3 ?? [])]).toMatchObject([
      {
        T_NGUONKHAC_NSNN: '20000',
        T_NGUONKHAC_VTNN: '0',
        T_NGUONKHAC_VTTN: '1000.5',
        T_NGUONKHAC_CL: '8999.5',
        T_NGUONKHAC: '30000',
      },
    ]);
  });

  test('T_BHTT of the visit: the rows, or the subtraction of the annex', () => {
    const share = (insurerShare: 'rows' | 'subtraction') =>
      projectClaim(snapshot, { choices: { ...DEFAULT_CHOICES, insurerShare } }).XML1![0]!;
    expect(share('rows')).toMatchObject({
      T_TONGCHI_BH: '100000',
      T_BNCCT: '0',
      T_BHTT: '70000',
      T_BHTT_GDV: '70000',
    });
    expect(share('subtraction')).toMatchObject({ T_BHTT: '100000', T_BHTT_GDV: '70000' });
  });

  test('T_TRANTT: of the item, or of the package where the edition asks for it', () => {
    const ceiling = (edition: EditionId) =>
      projectClaim(golden('delivery-of-twins', edition), { edition }).XML3!.find((row) => row.MA_VAT_TU)!
        .T_TRANTT;
    expect(EDITION_IDS.map(ceiling)).toEqual(['81000000', '81000000', '80000', '80000']);
  });

  test.each([
    ['item', '80000'],
    ['package', '81000000'],
  ] as const)('T_TRANTT: of the %s in every edition where the province chose so', (of, amount) => {
    const choices = claimChoices({ CLAIM_SUPPLY_CEILING: of, CLAIM_INSURER_SHARE: 'rows' });
    const ceiling = (edition: EditionId) => {
      const { visit, clinical = {}, ...rest } = golden('delivery-of-twins', edition);
      // Whatever an edition's own case knows: here both ceilings are known.
      const lines = visit.lines.map((line) =>
        line.kind === 'supply' ? { ...line, unitCeiling: '80000' } : line,
      );
      const lineDetails = Object.fromEntries(
        lines.map(({ id }) => [id, { ...clinical.lineDetails?.[id], packageCeiling: '81000000' }]),
      );
      const snapshot = { ...rest, visit: { ...visit, lines }, clinical: { ...clinical, lineDetails } };
      return projectClaim(snapshot, { edition, choices }).XML3!.find((row) => row.MA_VAT_TU)!.T_TRANTT;
    };
    expect(EDITION_IDS.map(ceiling)).toEqual(EDITION_IDS.map(() => amount));
  });
});
