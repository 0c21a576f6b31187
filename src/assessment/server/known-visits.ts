import { type Instant, type LocalDate, localDate, localDateTime } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import { claimOf, type Tables } from '../claim.ts';
import type { Encounter, Neighbours, Use } from '../encounter.ts';
import { type Entry, encounterSet, entryFor } from '../neighbours.ts';
import { daysOf, encounterOf, papersOf, usesOf } from '../projection.ts';
import type { Claim, Row } from '../rule.ts';

/** Another visit of a person, as the function `neighbours_of_person` tells of it. */
export interface KnownVisit {
  readonly id: Id;
  readonly facility: string;
  readonly claimKey: string;
  readonly patientNumber: string | null;
  readonly nationalId: string | null;
  /** Of a stranger elsewhere a mark, where they differ from this person's. */
  readonly name: string;
  readonly birthDate: string;
  readonly birthTime: string | null;
  readonly birthPrecision: 'year' | 'month' | 'day';
  readonly arrivedAt: Instant;
  readonly endedAt: Instant | null;
  readonly classCode: string;
  readonly routeCode: string | null;
  readonly outcomeCode: string | null;
  readonly dischargeCode: string | null;
  readonly cameFrom: string | null;
  readonly wentTo: string | null;
  readonly followUpDates: readonly LocalDate[];
  readonly more: {
    readonly cards: readonly string[];
    readonly freeCopayFrom: LocalDate | null;
    readonly diagnosis: string | null;
  };
  /** Absent where nobody asked, or too long ago. */
  readonly lines: readonly KnownLine[] | null;
  /** Of the newest settlement. */
  readonly sums: { readonly cost: string; readonly insured: string; readonly copay: string } | null;
}

interface KnownLine {
  readonly kind: string;
  readonly code: string;
  readonly group: string;
  readonly department: string;
  readonly orderedAt: Instant;
  readonly resultAt: Instant | null;
  readonly dose: string | null;
}

/** What stands around the visit of a person. */
export interface Around {
  readonly visits: readonly KnownVisit[];
  /** Does the place that sent the person here record its visits with us? */
  readonly knowsSender: boolean;
}

/** A line of another visit of the facility that occupies a practitioner, a machine or a bed. */
export interface KnownUse {
  readonly id: Id;
  readonly patientNumber: string;
  readonly nationalId: string | null;
  readonly arrivedAt: Instant;
  readonly group: string;
  readonly rate: string | null;
  readonly department: string;
  readonly orderer: string;
  readonly performers: readonly string[];
  readonly machines: readonly string[];
  readonly bed: string | null;
  readonly orderedAt: Instant;
  readonly performedAt: Instant | null;
  readonly resultAt: Instant | null;
}

/** What a practitioner did at another facility. */
export interface UseElsewhere {
  readonly licence: string;
  readonly facility: string;
  readonly at: Instant;
  readonly act: Use['act'];
}

/** A visit that is assessed. */
export interface Own {
  readonly id: Id;
  readonly arrivedAt: Instant;
  readonly claim: Claim;
}

const day8 = (day: LocalDate | null): string => day?.replaceAll('-', '') ?? '';
const time12 = (at: Instant | null): string =>
  at === null ? '' : localDateTime(at).slice(0, 16).replace(/\D/g, '');

/**
 * What rules read of it, in the words of the tables. Of a visit elsewhere only what says whose it is, where and when:
 * in place of its key stand the facility and the day, so that nothing else can be shown.
 */
export function tablesOf(known: KnownVisit, here: string): Tables {
  const { more, sums } = known;
  const isHere = known.facility === here;
  const when = localDate(known.arrivedAt).split('-').toReversed().join('/');
  const xml1: Row = {
    MA_LK: isHere ? known.claimKey : `${known.facility} ${when}`,
    MA_BN: known.patientNumber ?? '',
    MA_CSKCB: known.facility,
    SO_CCCD: known.nationalId ?? '',
    HO_TEN: known.name,
    NGAY_SINH: birthOf(known),
    MA_THE_BHYT: more.cards.join(';'),
    NGAY_VAO: time12(known.arrivedAt),
    NGAY_RA: time12(known.endedAt),
    MA_LOAI_KCB: known.classCode,
    MA_DOITUONG_KCB: known.routeCode ?? '',
    MA_BENH_CHINH: more.diagnosis ?? '',
    KET_QUA_DTRI: known.outcomeCode ?? '',
    MA_LOAI_RV: known.dischargeCode ?? '',
    MA_NOI_DI: known.cameFrom ?? '',
    MA_NOI_DEN: known.wentTo ?? '',
    NGAY_TAI_KHAM: known.followUpDates.map(day8).join(';'),
    NGAY_MIEN_CCT: day8(more.freeCopayFrom),
    T_TONGCHI_BV: sums?.cost ?? '',
    T_BHTT: sums?.insured ?? '',
    T_BNCCT: sums?.copay ?? '',
  };
  const lines = known.lines ?? [];
  const drugs = lines.filter(({ kind }) => kind === 'drug');
  return {
    XML1: [xml1],
    XML2: drugs.map((line) => ({
      MA_THUOC: line.code,
      MA_NHOM: line.group,
      LIEU_DUNG: line.dose ?? '',
      NGAY_YL: time12(line.orderedAt),
    })),
    XML3: lines
      .filter(({ kind }) => kind !== 'drug')
      .map((line) => ({
        MA_DICH_VU: line.code,
        MA_NHOM: line.group,
        MA_KHOA: line.department,
        NGAY_YL: time12(line.orderedAt),
        NGAY_KQ: time12(line.resultAt),
      })),
  };
}

/** As claims write it: unknown parts are zeros. */
function birthOf({ birthDate, birthTime, birthPrecision }: KnownVisit): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) return birthDate;
  const day = day8(birthDate);
  if (birthPrecision === 'year') return `${day.slice(0, 4)}00000000`;
  if (birthPrecision === 'month') return `${day.slice(0, 6)}000000`;
  return day + (birthTime ?? '00:00').replace(':', '');
}

const useTables = (uses: readonly KnownUse[], here: string): Tables => ({
  XML1: [
    {
      MA_CSKCB: here,
      MA_BN: uses[0]!.patientNumber,
      SO_CCCD: uses[0]!.nationalId ?? '',
      NGAY_VAO: time12(uses[0]!.arrivedAt),
    },
  ],
  XML3: uses.map((one) => ({
    MA_NHOM: one.group,
    TYLE_TT_DV: one.rate ?? '',
    MA_KHOA: one.department,
    MA_GIUONG: one.bed ?? '',
    MA_BAC_SI: one.orderer,
    NGUOI_THUC_HIEN: one.performers.join(';'),
    MA_MAY: one.machines.join(';'),
    NGAY_YL: time12(one.orderedAt),
    NGAY_TH_YL: time12(one.performedAt),
    NGAY_KQ: time12(one.resultAt),
  })),
});

/**
 * Visits that are assessed, and around each of them what the database knows. Of a pair the later is who came later.
 * @param here code of the facility
 */
export function neighboursOf(
  here: string,
  owns: readonly Own[],
  around: ReadonlyMap<Id, Around>,
  uses: readonly KnownUse[] = [],
  elsewhere: readonly UseElsewhere[] = [],
): (id: Id) => Neighbours {
  const ofOwn = new Map(owns.map((one) => [one.id, one]));
  const others = new Map(
    [...around.values()].flatMap(({ visits }) => visits.map((one) => [one.id, one] as const)),
  );
  const used = Map.groupBy(uses, ({ id }) => id);
  const came = new Map<Id, Instant>(
    [...owns, ...others.values(), ...uses].map(({ id, arrivedAt }) => [id, arrivedAt]),
  );
  const inTurn = [...came].toSorted(
    ([a, first], [b, second]) => Date.parse(first) - Date.parse(second) || (a < b ? -1 : 1),
  );
  const share = (text: string) => text;
  const selves = new Map<Id, Encounter>();
  const entries = inTurn.map(([id], position): Entry => {
    const own = ofOwn.get(id);
    const other = others.get(id);
    const its = used.get(id) ?? [];
    const claim = own?.claim ?? claimOf(here, other ? tablesOf(other, here) : useTables(its, here));
    const encounter = encounterOf(claim, position, share);
    const occupying = own?.claim ?? (its.length > 0 ? claimOf(here, useTables(its, here)) : null);
    if (own) selves.set(id, encounter);
    return entryFor(
      encounter,
      occupying ? usesOf(occupying, encounter, share) : [],
      own ? papersOf(own.claim) : [],
    );
  });
  const senders = [...around].flatMap(([id, { knowsSender }]) => {
    const sender = selves.get(id)?.cameFrom ?? '';
    return knowsSender && sender !== '' ? [sender] : [];
  });
  const set = encounterSet(senders);
  for (const entry of entries) set.add(entry);
  for (const one of elsewhere) set.add(entryFor(placeOnly(one, inTurn.length), [useElsewhere(one)]));
  return (id) => set.around(selves.get(id)!);
}

const NOBODY = claimOf('', {});
/** Of somebody's visit elsewhere nothing but the place. */
const placeOnly = ({ facility }: UseElsewhere, position: number): Encounter => ({
  ...encounterOf(NOBODY, position, (text) => text),
  facility,
});

function useElsewhere(one: UseElsewhere): Entry['uses'][number] {
  const from = time12(one.at);
  const use = { group: '', rate: '', act: one.act, from, to: null };
  return [`practitioner|${one.licence}|${daysOf(from, null)[0]}`, use];
}
