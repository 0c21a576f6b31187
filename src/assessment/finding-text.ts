import { type Language, text } from '../messages/index.ts';
import type { Found } from './rule.ts';

/** What a finding says to people. */
export const findingText = (
  language: Language,
  { rule, table, row, field, values }: Found & { readonly rule: string },
): string =>
  text(language, `rules.${rule}`, { table, row: String(row ?? '–'), field: field ?? '–', ...values });
