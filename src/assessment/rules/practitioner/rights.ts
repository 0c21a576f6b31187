import { isValidOn } from '../../catalogues.ts';
import {
  type AnyRule,
  baseCode,
  type Claim,
  eachRow,
  inRow,
  type PlacedRow,
  type RuleContext,
  rule,
  value,
} from '../../rule.ts';
import { named, nameOf, namesIn, orderDay, staffOf, textsOf } from './staff.ts';

const GENERAL_ANAESTHESIA = '1';
const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');

/** Those who ordered on a known day and are on the staff then, each with the rows of that day. */
function orderers(claim: Claim, context: RuleContext) {
  return named(claim.chargeRows, 'MA_BAC_SI').flatMap((one) => {
    const day = orderDay(one.row);
    if (day === null || one.isGuest) return [];
    const staff = staffOf(one.person, claim, context).filter((row) => isValidOn(row, day));
    return staff.length === 0 ? [] : [{ ...one, day, staff }];
  });
}

/** Who may order and do what; where the catalogue says nothing of somebody, so do these rules. */
export const rights: readonly AnyRule[] = [
  rule({
    id: 'STF_DEPARTMENT',
    severity: 'warning',
    stage: 'order',
    isOffByDefault: true,
    needs: ['staff_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const all = orderers(claim, context)
        .map((one) => ({ ...one, own: one.staff.flatMap((row) => textsOf(row, 'departments')) }))
        .filter(({ row, own }) => own.length > 0 && value(row.values, 'MA_KHOA') !== '');
      if (all.length === 0) return 'not-applicable';
      return all.flatMap(({ row, field, code, person, own }) => {
        const dept = value(row.values, 'MA_KHOA');
        return own.includes(dept)
          ? []
          : [inRow(row, field, { value: code, name: nameOf(person, context), dept })];
      });
    },
  }),
  rule({
    id: 'STF_ORDERING_RIGHTS',
    severity: 'warning',
    stage: 'order',
    needs: ['staff_catalogue'],
    // Table or cost group → professional titles.
    params: {
      titles: { XML2: ['BS', 'YS'], '2': ['BS'], '3': ['BS'], '8': ['BS'], '18': ['BS'] } as Readonly<
        Record<string, readonly string[]>
      >,
    },
    check: (claim, { titles }, context) => {
      const all = orderers(claim, context)
        .map((one) => ({
          ...one,
          group: one.row.table === 'XML2' ? 'XML2' : groupOf(one.row),
          own: one.staff.flatMap(({ title }) => (title ? [String(title)] : [])),
        }))
        .filter(({ group, own }) => titles[group] !== undefined && own.length > 0);
      if (all.length === 0) return 'not-applicable';
      return all
        .filter(({ group, own }) => !own.some((title) => titles[group]!.includes(title)))
        .map(({ row, field, code, person, group, own }) =>
          inRow(row, field, { value: code, name: nameOf(person, context), title: own[0]!, group }),
        );
    },
  }),
  /*
   * Columns of `scope_catalogue`: `code` (base code of a service), `scopes` (codes of the specialties that include it);
   * of the staff: `scopes`. A team may do what one of them may.
   */
  rule({
    id: 'STF_SCOPE',
    severity: 'warning',
    stage: 'discharge',
    needs: ['staff_catalogue', 'scope_catalogue'],
    params: {},
    check: (claim, _params, context) => {
      const judged = claim.xml3.flatMap((row) => {
        const code = baseCode(row.values);
        const asked = context.catalogues.scope_catalogue!.rows(code).flatMap((one) => textsOf(one, 'scopes'));
        const team = namesIn(row, 'NGUOI_THUC_HIEN')
          .map(({ person }) => ({
            person,
            own: staffOf(person, claim, context).flatMap((one) => textsOf(one, 'scopes')),
          }))
          .filter(({ own }) => own.length > 0);
        return asked.length === 0 || team.length === 0 ? [] : [{ row, code, team, asked: [code, ...asked] }];
      });
      if (judged.length === 0) return 'not-applicable';
      return judged
        .filter(({ team, asked }) => !team.some(({ own }) => own.some((scope) => asked.includes(scope))))
        .map(({ row, code, team }) =>
          inRow(row, 'NGUOI_THUC_HIEN', { name: nameOf(team[0]!.person, context), code }),
        );
    },
  }),
  rule({
    id: 'STF_ORDERER_IS_EXECUTOR',
    severity: 'warning',
    stage: 'discharge',
    // Exempt: codes of facilities or departments with a single doctor.
    params: { groups: ['1', '2', '3'], exempt: [] as readonly string[] },
    check: ({ xml1, xml3, facilityCode }, { groups, exempt }) => {
      if ([facilityCode, value(xml1, 'MA_CSKCB')].some((code) => exempt.includes(code)))
        return 'not-applicable';
      const judged = xml3.filter(
        (row) =>
          groups.includes(groupOf(row)) &&
          !exempt.includes(value(row.values, 'MA_KHOA')) &&
          namesIn(row, 'MA_BAC_SI').length > 0 &&
          namesIn(row, 'NGUOI_THUC_HIEN').length > 0,
      );
      return eachRow(judged, 'NGUOI_THUC_HIEN', (_values, row) => {
        const ordered = new Set(namesIn(row, 'MA_BAC_SI').map(({ person }) => person));
        return !namesIn(row, 'NGUOI_THUC_HIEN').some(({ person }) => ordered.has(person));
      });
    },
  }),
  rule({
    id: 'STF_SURGEON_ANAESTHETIST',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    params: { groups: ['8'], atLeast: 2 },
    check: ({ xml3 }, { groups, atLeast }) =>
      eachRow(
        xml3.filter(
          (row) =>
            groups.includes(groupOf(row)) &&
            value(row.values, 'PP_VO_CAM') === GENERAL_ANAESTHESIA &&
            namesIn(row, 'NGUOI_THUC_HIEN').length > 0,
        ),
        'NGUOI_THUC_HIEN',
        (_values, row) =>
          new Set(namesIn(row, 'NGUOI_THUC_HIEN').map(({ person }) => person)).size >= atLeast,
      ),
  }),
];
