import type { Field } from './shape.ts';

/**
 * What the text of a value must look like by its type, empty text included; null for free text. Written so that it
 * means the same in JavaScript, XML Schema and JSON Schema, for a whole value.
 */
export function formOf({ type, decimals }: Pick<Field, 'type' | 'decimals'>): string | null {
  switch (type) {
    case 'date8':
      return '([0-9]{8})?';
    case 'datetime12':
      return '([0-9]{12})?';
    case 'digits':
      return '[0-9]*';
    case 'integer':
      return '(-?[0-9]+)?';
    case 'decimal':
      return `(-?[0-9]+(\\.[0-9]{1,${decimals}})?)?`;
    default:
      return null;
  }
}

/** The same for a list whose items are counted, else null. */
export function countedForm({ maxItems, separator }: Field): string | null {
  if (maxItems === undefined) return null;
  return `[^${separator}]*(${separator}[^${separator}]*){0,${maxItems - 1}}`;
}
