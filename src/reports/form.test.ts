import { describe, expect, test } from '@jest/globals';
import { checkStatementForm, FormFileError, loadStatementForm, type StatementForm } from './form.ts';

type Change = (form: StatementForm & Record<string, never>) => unknown;

/** What somebody might do to the file by mistake, and what they are told. */
const FAULTS: readonly (readonly [string, Change, RegExp])[] = [
  ['a label is gone', (form) => ({ ...form, title: '' }), /title/],
  ['a field nobody knows', (form) => ({ ...form, colour: 'red' }), /additional properties/],
  ['an entry without its source', without('columns', 'source'), /\/columns\/0 .*source/],
  ['an entry without its grade', without('signatures', 'grade'), /\/signatures\/0 .*grade/],
  [
    'a column nobody can fill',
    (form) => ({ ...form, columns: [{ ...form.columns[0], key: 'x' }] }),
    /columns/,
  ],
  [
    'a column twice',
    (form) => ({ ...form, columns: [...form.columns, form.columns[0]] }),
    /column name .*twice/,
  ],
  [
    'a field of the head twice',
    (form) => ({
      ...form,
      header: { ...form.header, fields: [...form.header.fields, form.header.fields[0]] },
    }),
    /field patientName .*twice/,
  ],
  [
    'a cost group without a place',
    (form) => ({ ...form, groups: form.groups.slice(1) }),
    /cost group 13 .*0 places/,
  ],
  [
    'a cost group with two places',
    (form) => ({ ...form, groups: [...form.groups, { ...form.groups[2], id: 'again' }] }),
    /cost group 1 .*2 places/,
  ],
  ['a group twice', (form) => ({ ...form, groups: [...form.groups, form.groups[0]] }), /2 places/],
  ['nobody takes the rest', (form) => ({ ...form, groups: form.groups.map(notTheRest) }), /takes the rest/],
  ['paper of another size', (form) => ({ ...form, page: { ...form.page, size: 'A3' } }), /page\/size/],
];

function without(list: 'columns' | 'signatures', name: string): Change {
  return (form) => ({
    ...form,
    [list]: form[list].map((entry: object) =>
      Object.fromEntries(Object.entries(entry).filter(([key]) => key !== name)),
    ),
  });
}

function notTheRest(group: StatementForm['groups'][number]) {
  return Object.fromEntries(Object.entries(group).filter(([key]) => key !== 'takesTheRest'));
}

describe('the form of the statement', () => {
  test('is in order, and names a grade and a source for every entry', () => {
    const form = loadStatementForm();
    expect(form.id).toBe('01/KBCB');
    const entries = [
      ...form.columns,
      ...form.signatures,
      ...form.groups,
      ...form.header.fields,
      ...form.summary,
    ];
    expect(entries.length).toBeGreaterThan(50);
    for (const { grade, source } of entries)
      expect([grade, source]).toEqual([expect.stringMatching(/^[A-D]$/), expect.stringMatching(/\S{3}/)]);
  });

  test.each(FAULTS)('refused: %s', (_name, change, said) => {
    const form = structuredClone(loadStatementForm()) as Parameters<Change>[0];
    expect(() => checkStatementForm(change(form))).toThrow(FormFileError);
    expect(() => checkStatementForm(change(form))).toThrow(said);
  });
});
