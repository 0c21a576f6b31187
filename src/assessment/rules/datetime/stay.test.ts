import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY, ruleTable, type TestTables, xml1 } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { checkFile } from '../../check.ts';
import { type AnyRule, plusMinutes, type Row } from '../../rule.ts';
import { rules } from './index.ts';

const IN = '202611200800';
const OUT = '202611221600';
const stay = (lines: Readonly<Record<string, readonly Row[]>>, more: Row = {}): TestTables => ({
  ...xml1({ NGAY_VAO: IN, NGAY_RA: OUT, ...more }),
  ...lines,
});

describe('plusMinutes', () => {
  test.each([
    ['202611242359', 5, '202611250004'],
    ['202612312359', 1, '202701010000'],
    ['202803010000', -1, '202802292359'],
    ['202611240801', 0, '202611240801'],
  ])('%s and %i', (from, minutes, to) => expect(plusMinutes(from, minutes)).toBe(to));
});

const between = (NGAY_VAO: string, NGAY_RA: string) => xml1({ NGAY_VAO, NGAY_RA });
ruleTable(rules, 'DT_ADMIT_BEFORE_DISCHARGE', [
  ['a minute', between('202611200800', '202611200801'), []],
  ['the same minute', between('202611200800', '202611200800'), ['XML1 NGAY_RA']],
  ['a minute before', between('202611200800', '202611200759'), ['XML1 NGAY_RA']],
  ['over the end of a year', between('202512312359', '202601010000'), []],
  ['not discharged', between('202611200800', ''), []],
  ['unreadable', between('202611200800', '202602300800'), []],
]);

/** The check time is 23:59 of 24 November 2026. */
ruleTable(rules, 'DT_FUTURE', [
  ['the last minute of the slack', stay({ XML2: [{ NGAY_YL: '202611250004' }] }), []],
  ['a minute more', stay({ XML2: [{ NGAY_YL: '202611250005' }] }), ['XML2:1 NGAY_YL']],
  [
    'admission and discharge',
    xml1({ NGAY_VAO: '202611250005', NGAY_RA: '202611260800' }),
    ['XML1 NGAY_VAO', 'XML1 NGAY_RA'],
  ],
  ['a result', stay({ XML3: [{ NGAY_YL: IN, NGAY_KQ: '202612010800' }] }), ['XML3:1 NGAY_KQ']],
  ['the last dose of an outpatient course', stay({}, { NGAY_RA: '202612242359', MA_LOAI_KCB: '05' }), []],
  [
    'no last dose: another minute',
    stay({}, { NGAY_RA: '202612242358', MA_LOAI_KCB: '05' }),
    ['XML1 NGAY_RA'],
  ],
  ['no last dose: an inpatient', stay({}, { NGAY_RA: '202612242359', MA_LOAI_KCB: '03' }), ['XML1 NGAY_RA']],
  [
    'no last dose: an order',
    stay({ XML2: [{ NGAY_YL: '202612242359' }] }, { MA_LOAI_KCB: '05' }),
    ['XML2:1 NGAY_YL'],
  ],
  ['the time of doing is not among them', stay({ XML2: [{ NGAY_TH_YL: '202612010800' }] }), []],
  ['unreadable', xml1({ NGAY_VAO: '202613010800', NGAY_RA: '20270101' }), []],
  ['blank', xml1({ NGAY_VAO: '' }), []],
]);

const ward = (NGAY_VAO_NOI_TRU: string, more: Row = {}) => stay({}, { NGAY_VAO_NOI_TRU, ...more });
ruleTable(rules, 'DT_WARD_ADMISSION_WITHIN', [
  ['with admission', ward(IN), []],
  ['a minute before', ward('202611200759'), ['XML1 NGAY_VAO_NOI_TRU']],
  ['with discharge', ward(OUT), []],
  ['a minute after', ward('202611221601'), ['XML1 NGAY_VAO_NOI_TRU']],
  ['an outpatient', ward(''), []],
  ['not discharged', ward('202611200759', { NGAY_RA: '' }), []],
]);

const MOMENTS: readonly (readonly [string, string, boolean])[] = [
  ['with admission', IN, true],
  ['a minute before', '202611200759', false],
  ['with discharge', OUT, true],
  ['a minute after', '202611221601', false],
  ['blank', '', true],
  ['unreadable', '202611310800', true],
];
for (const [id, field, tables] of [
  ['DT_ORDER_IN_STAY', 'NGAY_YL', ['XML2', 'XML3']],
  ['DT_EXEC_IN_STAY', 'NGAY_TH_YL', ['XML2', 'XML3']],
  ['DT_RESULT_IN_STAY', 'NGAY_KQ', ['XML3']],
] as const)
  ruleTable(rules, id, [
    ...tables.flatMap((table) =>
      MOMENTS.map(
        ([name, at, isGood]) =>
          [
            `${table}: ${name}`,
            stay({ [table]: [{ [field]: at }] }),
            isGood ? [] : [`${table}:1 ${field}`],
          ] as const,
      ),
    ),
    ['not discharged', stay({ XML3: [{ [field]: '202611200759' }] }, { NGAY_RA: '' }), []],
    ['no lines', stay({}), []],
  ]);

describe('tuned', () => {
  const tuned = (params: Readonly<Record<string, unknown>>) =>
    rules.map((one) => ({ ...one, params }) as unknown as AnyRule);

  ruleTable(tuned({ tolMinutes: 10 }), 'DT_ORDER_IN_STAY', [
    ['ten minutes before admission', stay({ XML2: [{ NGAY_YL: '202611200750' }] }), []],
    ['eleven', stay({ XML2: [{ NGAY_YL: '202611200749' }] }), ['XML2:1 NGAY_YL']],
    ['none after discharge', stay({ XML2: [{ NGAY_YL: '202611221601' }] }), ['XML2:1 NGAY_YL']],
  ]);
  const late = (MA_DICH_VU: string) => stay({ XML3: [{ MA_DICH_VU, NGAY_KQ: '202611231600' }] });
  ruleTable(tuned({ lateResultCodes: ['24.0003.1715'] }), 'DT_RESULT_IN_STAY', [
    ['a culture', late('24.0003.1715'), []],
    ['another test', late('22.0120.1370'), ['XML3:1 NGAY_KQ']],
  ]);
});

test('a discharge before admission is the one finding of a stay', () => {
  const line = { NGAY_YL: IN, NGAY_TH_YL: IN, NGAY_KQ: IN };
  const records = [stay({ XML2: [line], XML3: [line] }, { NGAY_RA: '202611191600' })];
  const builtIns = builtInsOf(loadPolicy());
  const findings = checkFile({ facilityCode: '40021', madeOn: CHECK_DAY, records }, { builtIns, rules });
  expect(findings.map(({ rule }) => rule)).toEqual(['DT_ADMIT_BEFORE_DISCHARGE']);
});
