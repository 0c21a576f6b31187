import { isValidOn } from '../../catalogues.ts';
import { type AnyRule, inRow, rule } from '../../rule.ts';
import { sentTo } from '../service/code.ts';
import { isNoPerson, type Named, named, nameOf, orderDay, staffOf } from './staff.ts';

const notFound = ({ row, field, code }: Named) => inRow(row, field, { value: code });

/** Who ordered and who carried out, against the staff of the facility. */
export const known: readonly AnyRule[] = [
  rule({
    id: 'STF_ORDERER_KNOWN',
    severity: 'error',
    stage: 'order',
    needs: ['staff_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const all = named(claim.chargeRows, 'MA_BAC_SI').filter(({ isGuest }) => !isGuest);
      if (all.length === 0) return 'not-applicable';
      return all.filter(({ person }) => staffOf(person, claim, context).length === 0).map(notFound);
    },
  }),
  rule({
    id: 'STF_EXECUTOR_KNOWN',
    severity: 'error',
    stage: 'discharge',
    needs: ['staff_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const here = claim.xml3.filter((row) => sentTo(row) === null);
      const all = named(here, 'NGUOI_THUC_HIEN').filter(({ isGuest }) => !isGuest);
      if (all.length === 0) return 'not-applicable';
      return all.filter(({ person }) => staffOf(person, claim, context).length === 0).map(notFound);
    },
  }),
  // Whoever is unknown is left to STF_ORDERER_KNOWN, an account to STF_INTEGRATION_ACCOUNT.
  rule({
    id: 'STF_REGISTERED_AT_TIME',
    severity: 'error',
    stage: 'order',
    needs: ['staff_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const all = named(claim.chargeRows, 'MA_BAC_SI')
        .filter(({ row, isGuest }) => orderDay(row) !== null && !isGuest)
        .map((one) => ({ ...one, staff: staffOf(one.person, claim, context) }))
        .filter(({ staff }) => staff.length > 0 && !staff.some(isNoPerson));
      if (all.length === 0) return 'not-applicable';
      const isRegistered = (staff: (typeof all)[number]['staff'], day: string) =>
        staff.some((one) => isValidOn(one, day) && isValidOn({ to: one.licence_to ?? '' }, day));
      return all
        .filter(({ row, staff }) => !isRegistered(staff, orderDay(row)!))
        .map(({ row, field, code, person }) =>
          inRow(row, field, { value: code, name: nameOf(person, context), date: orderDay(row)! }),
        );
    },
  }),
  rule({
    id: 'STF_INTEGRATION_ACCOUNT',
    severity: 'warning',
    stage: 'discharge',
    needs: ['staff_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const all = named(claim.xml3, 'NGUOI_THUC_HIEN')
        .map((one) => ({ ...one, staff: staffOf(one.person, claim, context) }))
        .filter(({ staff }) => staff.length > 0);
      if (all.length === 0) return 'not-applicable';
      return all.filter(({ staff }) => staff.some(isNoPerson)).map(notFound);
    },
  }),
];
