import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { dictionary, type TableCode } from '../../../claims/dictionary.ts';
import { rules } from './index.ts';

/** Every element of a table, blank. */
const whole = (code: TableCode, more: Readonly<Record<string, string>> = {}) => ({
  ...Object.fromEntries(
    dictionary()
      .tables.get(code)!
      .fields.map(({ name }) => [name, '']),
  ),
  ...more,
});
const without = (code: TableCode, ...tags: string[]) =>
  Object.fromEntries(Object.entries(whole(code)).filter(([tag]) => !tags.includes(tag)));

ruleTable(rules, 'STR_EMPTY_TABLE', [
  ['a row', { ...xml1({}), XML2: [{}] }, []],
  ['no rows', { ...xml1({}), XML2: [], XML5: [], XML15: [] }, ['XML2 null', 'XML5 null', 'XML15 null']],
  ['a table of one row is none of them', { ...xml1({}), XML7: [] }, []],
  ['no lists', xml1({}), []],
]);

ruleTable(rules, 'STR_UNKNOWN_TAG', [
  ['what the dictionary has', { XML1: [whole('XML1')], XML15: [whole('XML15')] }, []],
  [
    'each strange one once',
    { XML2: [{ GHI_CHU: '' }, { GHI_CHU: '1', MA_LK: '', KHAC: '' }] },
    ['XML2 null', 'XML2 null'],
  ],
  ['small letters are strange', xml1({ ma_lk: 'A' }), ['XML1 null']],
  ['a field of another table', { ...xml1({}), XML4: [{ SO_LUONG: '1' }] }, ['XML4 null']],
  ['names of things are no fields', xml1({ constructor: 'x' }), ['XML1 null']],
  ['XML12 is not ours', { ...xml1({}), XML12: [{ KHAC: '' }] }, []],
]);

ruleTable(rules, 'STR_MISSING_TAG', [
  ['all there, blank', { XML1: [whole('XML1')], XML14: [whole('XML14')] }, []],
  [
    'one is not',
    { XML1: [whole('XML1')], XML2: [whole('XML2'), without('XML2', 'DU_PHONG')] },
    ['XML2 null'],
  ],
  ['said once for all', { XML1: [without('XML1', 'MA_LK', 'STT')] }, ['XML1 null']],
  ['a table without rows', { XML1: [whole('XML1')], XML3: [] }, []],
]);

const backwards = (code: TableCode) => Object.fromEntries(Object.entries(whole(code)).reverse());
ruleTable(rules, 'STR_FIELD_ORDER', [
  ['the order of the dictionary', { XML1: [whole('XML1')], XML3: [whole('XML3')] }, []],
  ['gaps and strange elements do not matter', xml1({ MA_LK: '', KHAC: '', HO_TEN: '' }), []],
  ['two changed places', xml1({ STT: '', MA_LK: '' }), ['XML1 null']],
  ['the other way round', { XML1: [whole('XML1')], XML2: [whole('XML2'), backwards('XML2')] }, ['XML2 null']],
  ['other tables', { XML4: [backwards('XML4')] }, []],
]);

const keyed = (own: string, ...keys: string[]) => ({
  ...xml1({ MA_LK: own }),
  XML2: keys.map((MA_LK) => ({ MA_LK })),
});
ruleTable(rules, 'STR_MA_LK_MISMATCH', [
  ['the same', keyed('A', 'A', ' A '), []],
  ['another', keyed('A', 'A', 'B'), ['XML2:2 MA_LK']],
  ['letters count', keyed('A', 'a'), ['XML2:1 MA_LK']],
  ['blank', keyed('A', ''), ['XML2:1 MA_LK']],
  [
    'papers',
    { ...xml1({ MA_LK: 'A' }), XML7: [{ MA_LK: 'B' }], XML9: [{ MA_LK: 'B' }] },
    ['XML7 MA_LK', 'XML9:1 MA_LK'],
  ],
  ['a claim without a key', keyed('', 'B'), []],
  ['nothing else', xml1({ MA_LK: 'A' }), []],
]);
