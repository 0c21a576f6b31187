import type { Catalogue } from '../../catalogues.ts';
import { type AnyRule, eachRow, isRealDay, rule, value } from '../../rule.ts';
import { dayOfMoment, isFilled } from './paper.ts';

/** Who signs papers for the facility. Column of `staff_catalogue` beside the code: `signer`, `from`, `to`. */
export const signer: readonly AnyRule[] = [
  rule({
    id: 'DIS_HEAD_SIGNER',
    severity: 'error',
    stage: 'export',
    cause: 'practitioner',
    needs: ['staff_catalogue'],
    params: { tables: ['XML7', 'XML8', 'XML9', 'XML10', 'XML11', 'XML13', 'XML14'] },
    check: (claim, { tables }, { catalogues }) => {
      const staff = catalogues.staff_catalogue!;
      const flagsSigners = hasSigners(staff);
      const left = dayOfMoment(claim.xml1, 'NGAY_RA');
      const head = value(claim.xml1, 'MA_TTDV');
      const signed = tables
        .flatMap((table) => claim.rows(table))
        .filter(({ values }) => isFilled(values, 'MA_TTDV'));
      return eachRow(signed, 'MA_TTDV', (values) => {
        const code = value(values, 'MA_TTDV');
        const dated = value(values, 'NGAY_CT');
        const day = isRealDay(dated) ? dated : left;
        const active = day === null ? staff.rows(code) : staff.validOn(code, day);
        const isFlagged = active.some((row) => row.signer === true);
        if (active.length === 0 || (flagsSigners && !isFlagged)) return false;
        return head === '' || head === code || isFlagged;
      });
    },
  }),
];

const flagging = new WeakMap<Catalogue, boolean>();

/** Does the catalogue say of anybody that they sign? Looked through once: it may hold the staff of a province. */
function hasSigners(staff: Catalogue): boolean {
  const known = flagging.get(staff) ?? staff.all.some((row) => row.signer === true);
  flagging.set(staff, known);
  return known;
}
