import { type ClaimRow, ClaimWriteError, elementText } from '../claims/index.ts';

/** Forms of Circular 12/2026/TT-BTC, written as their signature wants them: the signed element has an `Id`, the slot is last. */
const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';
const SLOT = '<CHUKYDONVI></CHUKYDONVI>';

export const element = (name: string, inside: string): string => `<${name}>${inside}</${name}>`;

/** Every field in its order; an empty one stays. @throws ClaimWriteError for what XML cannot hold */
export function fieldsXml(row: ClaimRow): string {
  return Object.entries(row)
    .map(([name, value]) =>
      element(
        name,
        elementText(value, Number.POSITIVE_INFINITY, (finding, values) => {
          throw new ClaimWriteError(finding, { field: name }, values);
        }),
      ),
    )
    .join('');
}

/** @param signed name of the element that is signed @param id names it; of letters, digits, `.`, `-` and `_` */
export function formXml(
  root: string,
  signed: string,
  id: string,
  inside: string,
  facilityCode?: string,
): Buffer {
  const unit = facilityCode === undefined ? '' : element('THONGTINDONVI', element('MACSKCB', facilityCode));
  return Buffer.from(
    `${DECLARATION}<${root}>${unit}<${signed} Id="Id-${id}">${inside}</${signed}>${SLOT}</${root}>`,
    'utf8',
  );
}
