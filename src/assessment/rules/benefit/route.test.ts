import { describe } from '@jest/globals';
import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { AnyRule, Row } from '../../rule.ts';
import { rules } from './index.ts';

const of = (MA_DOITUONG_KCB: string, more: Row) => xml1({ MA_DOITUONG_KCB, MA_CSKCB: '40021', ...more });
const ELSEWHERE = [
  '1.3',
  '1.11',
  '1.12',
  '1.13',
  '1.14',
  '1.15',
  '1.16',
  '1.17',
  '1.18',
  '3.1',
  '3.2',
  '3.3',
  '3.6',
];

ruleTable(rules, 'BEN_CLASS_REGISTERED_HERE', [
  ['here', of('1.1', { MA_DKBD: '40021' }), []],
  ['here, by each card', of('1.1', { MA_DKBD: '40021;40021' }), []],
  ['elsewhere', of('1.1', { MA_DKBD: '40022' }), ['XML1 MA_DKBD']],
  ['elsewhere by one card', of('1.1', { MA_DKBD: '40021;40022' }), ['XML1 MA_DKBD']],
  ['another class', of('1.11', { MA_DKBD: '40022' }), []],
  ['nowhere', of('1.1', { MA_DKBD: '' }), []],
]);
describe('a facility with several codes', () => {
  const params = { class: '1.1', sameFacility: { '40021': ['40921'] } };
  ruleTable(
    rules.map((one) => ({ ...one, params }) as unknown as AnyRule),
    'BEN_CLASS_REGISTERED_HERE',
    [
      ['one of them', of('1.1', { MA_DKBD: '40921' }), []],
      ['another one', of('1.1', { MA_DKBD: '40922' }), ['XML1 MA_DKBD']],
      ['the code of another facility', of('1.1', { MA_CSKCB: '40022', MA_DKBD: '40921' }), ['XML1 MA_DKBD']],
    ],
  );
});

ruleTable(rules, 'BEN_CLASS_ELSEWHERE_BUT_HERE', [
  ...ELSEWHERE.map((code) => [code, of(code, { MA_DKBD: '40022;40021' }), ['XML1 MA_DOITUONG_KCB']] as const),
  ['elsewhere indeed', of('3.1', { MA_DKBD: '40022' }), []],
  // The trap: classes are exact codes, not beginnings.
  ...['3', '1.1', '1.10', '1.19', '3.7', '2'].map(
    (code) => [code, of(code, { MA_DKBD: '40021' }), []] as const,
  ),
  ['nowhere', of('3.1', { MA_DKBD: '' }), []],
]);

ruleTable(rules, 'BEN_SELF_REFERRED_ORIGIN', [
  ...ELSEWHERE.slice(1).map((code) => [code, of(code, { MA_NOI_DI: '40022' }), ['XML1 MA_NOI_DI']] as const),
  ['from nowhere', of('3.1', { MA_NOI_DI: ' ' }), []],
  ...['1.3', '1.1', '3', '3.7'].map((code) => [code, of(code, { MA_NOI_DI: '40022' }), []] as const),
]);

ruleTable(
  rules,
  'BEN_REFERRAL_ORIGIN_KNOWN',
  [
    ['a facility', of('1.3', { MA_NOI_DI: '40022' }), []],
    ['none that is known', of('1.3', { MA_NOI_DI: '49999' }), ['XML1 MA_NOI_DI']],
    ['this one', of('1.3', { MA_NOI_DI: '40021' }), ['XML1 MA_NOI_DI']],
    ['blank', of('1.3', { MA_NOI_DI: '' }), []],
  ],
  { facility_catalogue: catalogueOf([{ code: '40021' }, { code: '40022' }], 'code')! },
);

const emergency = (MA_KHOA: string, ofLine = 'K01', MA_LOAI_KCB = '01') => ({
  ...of('2', { MA_KHOA, MA_LOAI_KCB }),
  XML2: [{ MA_KHOA: ofLine }],
});
ruleTable(rules, 'BEN_EMERGENCY_CLASS', [
  ['in the department', emergency('K01;K02'), []],
  ['in another', emergency('K01'), ['XML1 MA_DOITUONG_KCB']],
  ['a line of it', emergency('K01', 'K48'), []],
  ...['03', '04', '09'].map((type) => [`type ${type}`, emergency('K01', 'K01', type), []] as const),
  ['another class', of('1.1', { MA_KHOA: 'K01' }), []],
]);
