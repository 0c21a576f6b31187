import { areSamePerson, type Encounter, type Neighbours, type Use } from '../../encounter.ts';
import { daysOf, machinesOf } from '../../projection.ts';
import {
  type AnyRule,
  baseCode,
  eachRow,
  inRow,
  list,
  moment,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { sentTo, suffixOf } from './code.ts';

// Catalogue machine_service_catalogue: MA_DICH_VU (base code), machine (true: wants one), from, to.
// Catalogue equipment_catalogue: code (as in MA_MAY), capacity (persons at once), from, to.

/** `MA_DICH_VU` of a supply is that of the service it belongs to. */
const isSupply = ({ values }: PlacedRow) => ['10', '11'].includes(value(values, 'MA_NHOM'));
const NO_MACHINE = ['-1'];
const FIRST = /^[A-ZĐ]{2,4}\.[123](\[[^\]]+\])?\.[^;]+$/;

/** Which machine a service was done with. */
export const machine: readonly AnyRule[] = [
  rule({
    id: 'SVC_MACHINE_REQUIRED',
    severity: 'error',
    stage: 'discharge',
    needs: ['machine_service_catalogue'],
    params: {},
    check: ({ xml3 }, _, { catalogues: { machine_service_catalogue: services } }) => {
      const wants = ({ values }: PlacedRow) => {
        const day = moment(values, 'NGAY_YL')?.slice(0, 8);
        const found = day === undefined ? [] : services!.validOn(baseCode(values), day);
        return found.some((one) => one.machine === true);
      };
      return eachRow(
        xml3.filter((row) => !isSupply(row) && sentTo(row) === null && suffixOf(row) !== 'TB' && wants(row)),
        'MA_MAY',
        (row) => value(row, 'MA_MAY') !== '',
        (row) => ({ code: baseCode(row) }),
      );
    },
  }),
  // `XX.n.SERIAL`, or `XX.n.FACILITY.SERIAL` before; more serial numbers of the same kind may follow.
  rule({
    id: 'SVC_MACHINE_FORMAT',
    severity: 'warning',
    stage: 'discharge',
    params: { placeholder: NO_MACHINE },
    check: ({ xml3 }, { placeholder }) =>
      eachRow(
        xml3.filter(({ values }) => value(values, 'MA_MAY') !== ''),
        'MA_MAY',
        (row) => {
          const [first = '', ...more] = list(row, 'MA_MAY').map((one) => one.trim());
          return placeholder.includes(value(row, 'MA_MAY')) || (FIRST.test(first) && !more.includes(''));
        },
      ),
  }),
  rule({
    id: 'SVC_MACHINE_IN_CATALOGUE',
    severity: 'warning',
    stage: 'discharge',
    needs: ['equipment_catalogue'],
    params: {},
    check: ({ xml3 }, _, { catalogues: { equipment_catalogue: equipment } }) => {
      const rows = xml3.flatMap((row) => {
        const day = moment(row.values, 'NGAY_TH_YL')?.slice(0, 8);
        const machines = machinesOf(row).filter((one) => !NO_MACHINE.includes(one));
        return day !== undefined && machines.length > 0 && sentTo(row) === null
          ? [{ row, day, machines }]
          : [];
      });
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, day, machines }) => {
        const unknown = machines.find((one) => equipment!.validOn(one, day).length === 0);
        return unknown === undefined ? [] : [inRow(row, 'MA_MAY', { value: unknown })];
      });
    },
  }),
  // Analysers of the laboratory (group 1) run many samples at once.
  rule({
    id: 'SVC_MACHINE_CAPACITY',
    severity: 'warning',
    stage: 'discharge',
    needs: ['other_encounters'],
    params: { groups: ['2', '3', '18'], defaultCapacity: 1, ignore: ['-1', ''] },
    check: ({ xml3 }, { groups, defaultCapacity, ignore }, { neighbours, catalogues }) => {
      const rows = xml3.flatMap((row) => {
        const [from, to] = [moment(row.values, 'NGAY_TH_YL'), moment(row.values, 'NGAY_KQ')];
        const isJudged =
          groups.includes(value(row.values, 'MA_NHOM')) && from !== null && to !== null && from < to;
        return isJudged
          ? [{ row, from, to, machines: machinesOf(row).filter((one) => !ignore.includes(one)) }]
          : [];
      });
      if (rows.every(({ machines }) => machines.length === 0)) return 'not-applicable';
      return rows.flatMap(({ row, from, to, machines }) =>
        machines.flatMap((one) => {
          const uses = usesOf(neighbours, one, { from, to }).filter(({ group }) => groups.includes(group));
          const { count, time } = busiest(neighbours.self, uses, from);
          const listed = catalogues.equipment_catalogue?.validOn(one, from.slice(0, 8))[0]?.capacity;
          if (count <= Number(listed ?? defaultCapacity)) return [];
          return [inRow(row, 'MA_MAY', { machine: one, count: String(count), time })];
        }),
      );
    },
  }),
];

/** Uses of the machine by others, given before, that overlap the time. */
function usesOf(
  neighbours: Neighbours,
  one: string,
  { from, to }: { from: string; to: string },
): readonly Use[] {
  const { self } = neighbours;
  const near = new Set(daysOf(from, to).flatMap((day) => neighbours.onMachine(one, day)));
  return [...near].filter(
    (use) =>
      use.encounter.position < self.position &&
      use.to !== null &&
      use.from < to &&
      from < use.to &&
      !areSamePerson(use.encounter, self),
  );
}

/** Most persons at once, this one included, and when. They are most when somebody has just begun. */
function busiest(self: Encounter, uses: readonly Use[], from: string): { count: number; time: string } {
  let most = { count: 1, time: from };
  for (const time of [from, ...uses.map((use) => use.from)]) {
    if (time < from) continue;
    const persons: Encounter[] = [self];
    for (const use of uses)
      if (use.from <= time && time < use.to! && !persons.some((one) => areSamePerson(one, use.encounter)))
        persons.push(use.encounter);
    if (persons.length > most.count) most = { count: persons.length, time };
  }
  return most;
}
