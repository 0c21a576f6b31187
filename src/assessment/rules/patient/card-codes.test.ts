import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const CARD = 'DN4400012345678';
const cards = (MA_THE_BHYT: string, more = {}) => xml1({ MA_THE_BHYT, ...more });
const spoken = ['XML1 MA_THE_BHYT'];

ruleTable(
  rules,
  'CARD_BENEFIT_CODE',
  [
    ['known', cards(CARD), []],
    ['the digit is another', cards('DN1400012345678'), spoken],
    ['the second of two', cards(`${CARD};XX4400012345678`), spoken],
    ['too short is left to CARD_FORMAT', cards('XX4'), []],
    ['no card', cards(''), []],
  ],
  { card_class_catalogue: catalogueOf([{ code: 'DN4' }], 'code')! },
);
ruleTable(
  rules,
  'CARD_ISSUER_CODE',
  [
    ['known', cards(CARD), []],
    ['armed forces', cards('QN5970012345678'), []],
    ['unknown', cards('DN4410012345678'), spoken],
    ['too long is left to CARD_FORMAT', cards('DN44100123456789'), []],
    ['no card', cards(''), []],
  ],
  { bhxh_unit_catalogue: catalogueOf([{ code: '40' }, { code: '97' }], 'code')! },
);

const facilities = { facility_catalogue: catalogueOf([{ code: '40001' }, { code: '4000' }], 'code')! };
const registered = (MA_DKBD: string, more = {}, MA_THE_BHYT = CARD) =>
  cards(MA_THE_BHYT, { MA_DKBD, ...more });
ruleTable(
  rules,
  'CARD_REGISTERED_PLACE',
  [
    ['known', registered('40001'), []],
    ['unknown', registered('40002'), ['XML1 MA_DKBD']],
    ['four characters', registered('4000'), ['XML1 MA_DKBD']],
    ['the second of two', registered('40001; 40009', {}, `${CARD};${CARD}`), ['XML1 MA_DKBD']],
    ['the province only', registered('40000'), []],
    ['a newborn', registered('40002', { MA_DOITUONG_KCB: '1.7' }), []],
    ['a temporary card', registered('40002', {}, 'TE140KT12345678'), []],
    [
      'the temporary number of a birth paper',
      { ...registered('40002', {}, 'TE1400012345678'), XML9: [{ MA_THE_TAM: 'TE1400012345678' }] },
      [],
    ],
    [
      'another temporary number',
      { ...registered('40002'), XML9: [{ MA_THE_TAM: 'TE1400012345678' }] },
      ['XML1 MA_DKBD'],
    ],
    ['blank', registered(''), []],
  ],
  facilities,
);
ruleTable(
  rules,
  'CARD_TREATING_PLACE',
  [
    ['known', xml1({ MA_CSKCB: '40001' }), []],
    ['unknown', xml1({ MA_CSKCB: '40002' }), ['XML1 MA_CSKCB']],
    ['four characters', xml1({ MA_CSKCB: '4000' }), ['XML1 MA_CSKCB']],
    ['blank', xml1({ MA_CSKCB: '' }), []],
  ],
  facilities,
);
