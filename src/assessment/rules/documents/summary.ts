import { type AnyRule, eachFilled, inRow, inTable, rule, value } from '../../rule.ts';
import { filledRule, isFilled } from './paper.ts';

/** Code points, with composed letters. */
const lengthOf = (text: string) => Array.from(text.normalize('NFC')).length;

/** The summary of the record, XML8. */
export const summary: readonly AnyRule[] = [
  rule({
    id: 'XML8_REQUIRED',
    severity: 'warning',
    stage: 'export',
    isOffByDefault: true,
    params: { types: ['03', '04', '06'] },
    check: (claim, { types }) => {
      if (!types.includes(value(claim.xml1, 'MA_LOAI_KCB'))) return 'not-applicable';
      const count = claim.count('XML8');
      return count === 1 ? [] : [inTable('XML8', null, { count: String(count) })];
    },
  }),
  filledRule(
    'XML8_FIELDS',
    'XML8',
    'CHAN_DOAN_VAO CHAN_DOAN_RV QT_BENHLY TOMTAT_KQ PP_DIEUTRI KET_QUA_DTRI MA_TTDV',
  ),
  rule({
    id: 'XML8_TEXT_LENGTH',
    severity: 'warning',
    stage: 'export',
    // Characters.
    params: { fields: ['TOMTAT_KQ', 'PP_DIEUTRI'], min: 20, max: 4000 },
    check: (claim, { fields, min, max }) =>
      eachFilled(
        claim.rows('XML8'),
        fields,
        (text) => min <= lengthOf(text) && lengthOf(text) <= max,
        (text) => ({ length: String(lengthOf(text)), min: String(min), max: String(max) }),
      ),
  }),
  rule({
    id: 'XML8_OUTCOME_MATCH',
    severity: 'error',
    stage: 'export',
    params: { fields: ['KET_QUA_DTRI', 'MA_LOAI_KCB'] },
    check: (claim, { fields }) => {
      const { xml1 } = claim;
      const complete = claim
        .rows('XML8')
        .filter(({ values }) => fields.every((field) => isFilled(values, field) && isFilled(xml1, field)));
      if (complete.length === 0) return 'not-applicable';
      return complete.flatMap((row) =>
        fields
          .filter((field) => value(row.values, field) !== value(xml1, field))
          .map((field) => inRow(row, field, { expected: value(xml1, field) })),
      );
    },
  }),
];
