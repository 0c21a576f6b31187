import { expect, test } from '@jest/globals';
import { type CatalogueRow, catalogueXml, changesOf } from './catalogue.ts';

const row = (key: string, price: string): CatalogueRow => ({
  key,
  content: { MA: key, DON_GIA: price },
  from: '2026-01-01',
});
const sent = (key: string, price: string) =>
  new Map([[key, { MA: key, DON_GIA: price, TU_NGAY: '20260101', DEN_NGAY: '' }]]);

test.each([
  [
    'never handed in',
    [row('A', '1')],
    new Map(),
    [['A', false, { MA: 'A', DON_GIA: '1', TU_NGAY: '20260101', DEN_NGAY: '' }]],
  ],
  ['the same as handed in', [row('A', '1')], sent('A', '1'), []],
  [
    'changed: the old row with its last day, the new one from today',
    [row('A', '2')],
    sent('A', '1'),
    [
      ['A', true, { MA: 'A', DON_GIA: '1', TU_NGAY: '20260101', DEN_NGAY: '20260630' }],
      ['A', false, { MA: 'A', DON_GIA: '2', TU_NGAY: '20260701', DEN_NGAY: '' }],
    ],
  ],
  [
    'gone',
    [],
    sent('A', '1'),
    [['A', true, { MA: 'A', DON_GIA: '1', TU_NGAY: '20260101', DEN_NGAY: '20260630' }]],
  ],
])('%s', (_name, now, before, expected) => {
  const found = changesOf(now, before, '2026-07-01');
  expect(found.map(({ key, isClosing, content }) => [key, isClosing, content])).toEqual(expected);
});

test('empty tags stay, text is escaped', () => {
  const [change] = changesOf([row('A&B', '1')], new Map(), '2026-07-01');
  expect(catalogueXml('drugs', [change!], 'x').toString()).toContain(
    '<DMTHUOCMAUCHEPHAMMAU><MA>A&amp;B</MA><DON_GIA>1</DON_GIA><TU_NGAY>20260101</TU_NGAY><DEN_NGAY></DEN_NGAY></DM',
  );
});
