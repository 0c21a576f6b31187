/**
 * How much one visit may carry, because the claim's lists and numbers end there: what goes beyond is refused while
 * somebody can still correct it. A test holds these against the dictionary of the claim tables.
 * @source QĐ 3176/QĐ-BYT
 */
export const LIMITS = {
  /** Diagnoses by role; one primary. */
  secondary: 12,
  traditional: 13,
  /** Characters of all licences of one line, joined. */
  performers: 255,
  /** Characters of all departments of the visit, joined. */
  departments: 50,
  daysOfCare: 999,
} as const;

/** Characters of a list as the claim writes it. */
export const joinedLength = (list: readonly string[]): number => list.join(';').length;
