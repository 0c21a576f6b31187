/** What a tender reference (TT_THAU) may hold: `decision;Gnn;Nnn;year`, more parts are allowed. */
export interface TenderLimits {
  readonly yearMin: number;
  /** Years after the year of the check. */
  readonly yearAhead: number;
  /** Lowest number of a lot and of a group: 1 for drugs, 0 for supplies. */
  readonly lowest: number;
}

/** Is it a tender reference in its official parts? @param checkTime `yyyyMMddHHmm` */
export function isTender(text: string, checkTime: string, limits: TenderLimits): boolean {
  const [decision = '', lot = '', group = '', year = ''] = partsOf(text);
  return (
    decision !== '' &&
    isNumbered(lot, 'G', limits.lowest) &&
    isNumbered(group, 'N', limits.lowest) &&
    isTenderYear(year, checkTime, limits)
  );
}

/** Drugs that the hospital makes itself: two parts, the second one the year. */
export function isOwnMade(text: string, checkTime: string, limits: TenderLimits): boolean {
  const parts = partsOf(text);
  return parts.length === 2 && parts[0] !== '' && isTenderYear(parts[1] ?? '', checkTime, limits);
}

const partsOf = (text: string) => text.split(';').map((part) => part.trim());

const isNumbered = (part: string, letter: string, lowest: number) =>
  new RegExp(`^${letter}\\d{1,2}$`).test(part) && Number(part.slice(1)) >= lowest;

function isTenderYear(part: string, checkTime: string, { yearMin, yearAhead }: TenderLimits): boolean {
  const year = Number(part);
  return /^\d{4}$/.test(part) && year >= yearMin && year <= Number(checkTime.slice(0, 4)) + yearAhead;
}
