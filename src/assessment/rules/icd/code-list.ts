import { list, type Row } from '../../rule.ts';

export interface Coded {
  readonly field: 'MA_BENH_CHINH' | 'MA_BENH_KT';
  readonly code: string;
}

const FIELDS = ['MA_BENH_CHINH', 'MA_BENH_KT'] as const;

/** Every code of the main and the secondary diagnoses, with its field. */
export const codesOf = (xml1: Row): readonly Coded[] =>
  FIELDS.flatMap((field) =>
    list(xml1, field)
      .map((code) => code.trim())
      .filter((code) => code !== '')
      .map((code) => ({ field, code })),
  );

export const hasShape = ({ code }: Coded): boolean => /^[A-Z]\d{2}(\.\d{1,3})?[*†+]?$/.test(code);

/** Without the mark of a dagger or an asterisk. */
export const bare = (code: string): string => code.replace(/[*†+]$/, '');

/** `C51-C58` or `D29`, compared on the first three characters. */
export function isIn(code: string, ranges: readonly string[]): boolean {
  const category = code.slice(0, 3);
  return ranges.some((range) => {
    const [first = '', last = first] = range.split('-');
    return first <= category && category <= last;
  });
}

/** `I46.1` covers I46.1 and I46.11, `R99` covers R99.0. */
export const isOrBelow = (code: string, above: string): boolean => code === above || code.startsWith(above);
