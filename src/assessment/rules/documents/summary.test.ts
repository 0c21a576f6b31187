import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

ruleTable(rules, 'XML8_REQUIRED', [
  ['a stay with its summary', { ...xml1({ MA_LOAI_KCB: '03' }), XML8: [{}] }, []],
  ['a stay without', xml1({ MA_LOAI_KCB: '04' }), ['XML8 null']],
  ['two of them', { ...xml1({ MA_LOAI_KCB: '06' }), XML8: [{}, {}] }, ['XML8 null']],
  ['an examination', xml1({ MA_LOAI_KCB: '01' }), []],
]);

const all = {
  CHAN_DOAN_VAO: 'x',
  CHAN_DOAN_RV: 'x',
  QT_BENHLY: 'x',
  TOMTAT_KQ: 'x',
  PP_DIEUTRI: 'x',
  KET_QUA_DTRI: '1',
  MA_TTDV: '1',
};
ruleTable(rules, 'XML8_FIELDS', [
  ['all there', { ...xml1({}), XML8: [all] }, []],
  [
    'a blank and an absent one',
    { ...xml1({}), XML8: [{ ...all, QT_BENHLY: ' ', MA_TTDV: '' }] },
    ['XML8 QT_BENHLY', 'XML8 MA_TTDV'],
  ],
  ['a zero is not blank', { ...xml1({}), XML8: [{ ...all, TOMTAT_KQ: '0' }] }, []],
  ['no summary', xml1({}), []],
]);

const text = (TOMTAT_KQ: string, PP_DIEUTRI = '') => ({ ...xml1({}), XML8: [{ TOMTAT_KQ, PP_DIEUTRI }] });
ruleTable(rules, 'XML8_TEXT_LENGTH', [
  ['twenty characters, blanks around not counted', text(` ${'x'.repeat(20)} `), []],
  ['nineteen', text('x'.repeat(19)), ['XML8 TOMTAT_KQ']],
  ['four thousand', text('x'.repeat(4000)), []],
  ['one more', text('x'.repeat(20), 'x'.repeat(4001)), ['XML8 PP_DIEUTRI']],
  ['a letter with its mark is one character', text('e\u0302'.repeat(19)), ['XML8 TOMTAT_KQ']],
  ['blank', text(''), []],
]);

const outcome = (KET_QUA_DTRI: string, MA_LOAI_KCB: string) => ({
  ...xml1({ KET_QUA_DTRI: '2', MA_LOAI_KCB: '03' }),
  XML8: [{ KET_QUA_DTRI, MA_LOAI_KCB }],
});
ruleTable(rules, 'XML8_OUTCOME_MATCH', [
  ['as XML1', outcome('2', '03'), []],
  ['another outcome', outcome('1', '03'), ['XML8 KET_QUA_DTRI']],
  ['another type, without its zero', outcome('2', '3'), ['XML8 MA_LOAI_KCB']],
  ['one is blank', outcome('', '04'), []],
  ['no summary', xml1({ KET_QUA_DTRI: '2', MA_LOAI_KCB: '03' }), []],
]);
