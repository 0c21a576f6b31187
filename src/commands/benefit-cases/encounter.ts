import {
  assessVisit,
  type BenefitCoverage,
  type BenefitLine,
  type BenefitVisit,
  becauseOf,
  type Explained,
  type Law,
  type LineResult,
  type OtherPayer,
  type RuleApplication,
} from '../../benefits/index.ts';
import { addDays, instantAt, type LocalDate } from '../../platform/dates.ts';
import { type Decimal, decimal, zero } from '../../platform/money.ts';
import type { Computed, Explanation } from './computed.ts';
import { CaseFault, type Fields, type When } from './fields.ts';

const whole = decimal('100');
const KINDS = ['exam', 'service', 'surgery', 'bed', 'drug', 'supply', 'transport', 'blood'] as const;
const ROLES = ['main', 'additionalSameTeam', 'additionalOtherTeam', 'additionalProcedure'] as const;
/** Their price is the insured price, so a case need not write it twice. */
const ONE_PRICE: readonly BenefitLine['kind'][] = ['drug', 'blood', 'supply', 'transport'];

/** A visit of a case file as the engine takes it. @throws CaseFault with the place of what is missing or wrong */
export function readVisit(fields: Fields): BenefitVisit {
  const { encounter, arrival, policyDate } = readEncounter(fields);
  const circumstances = readCircumstances(fields);
  const setting = encounter.oneOfOrNull('treatment', ['inpatient', 'outpatient']);
  const endedAt = endOf(encounter.whenOrNull('ngayRa'));
  const legacyRoute = fields.oneOfOrNull('route', ['right', 'wrong', 'emergency']);
  const underlying = fields.textOrNull('underlyingObjectCode');
  return {
    policyDate,
    ...(arrival === policyDate ? {} : { arrivedOn: arrival }),
    ...(endedAt === null ? {} : { endedAt }),
    ...(setting === null ? {} : { careSetting: setting }),
    classCode: encounter.text('maLoaiKcb'),
    routeCode: fields.textOrNull('objectCode'),
    ...(legacyRoute === null ? {} : { legacyRoute }),
    ...(underlying === null ? {} : { underlyingRouteCode: underlying }),
    ...circumstances.visit,
    facility: readFacility(fields),
    coverages: fields.objects('cards').map((card) => readCard(card, circumstances)),
    lines: readLines(fields.objects('lines')),
  };
}

function readEncounter(fields: Fields) {
  const encounter = fields.object('encounter');
  if (!encounter) throw new CaseFault('encounter', 'missing');
  const arrival = encounter.dayOrNull('ngayVao');
  const policyDate = fields.dayOrNull('date') ?? arrival;
  if (policyDate === null) throw new CaseFault('date', 'missing');
  return { encounter, arrival: arrival ?? policyDate, policyDate };
}

/** An end known by its day only: the end of that day. */
function endOf(when: When | null): string | null {
  return when && (when.at ?? instantAt(when.day, '23:59:59'));
}

function readFacility(fields: Fields): BenefitVisit['facility'] {
  const facility = fields.object('facility');
  if (!facility) throw new CaseFault('facility', 'missing');
  facility.ignore('initialKind');
  const points = facility.numberOrNull('points');
  return {
    level: facility.oneOfOrNull('level', ['initial', 'basic', 'specialised']),
    points: points === null ? null : Number(points.toFixed()),
    formerTier: facility.oneOfOrNull('legacyTier', ['commune', 'district', 'province', 'central']),
  };
}

interface Circumstances {
  readonly freeCopayFrom: LocalDate | null;
  readonly presentedAt: When | null;
  readonly visit: Partial<BenefitVisit>;
}

function readCircumstances(fields: Fields): Circumstances {
  const given = fields.object('circumstances');
  if (!given) return { freeCopayFrom: null, presentedAt: null, visit: {} };
  // What is only shown, or speaks of the way to the object code, which a case gives.
  given.ignore('fiveYearsSince', 'temporaryCard', 'specialDiseaseList');
  const birthDate = given.dayOrNull('birthDate');
  const yearly = given.object('yearlyCopay');
  return {
    freeCopayFrom: given.dayOrNull('freeCopayFrom'),
    presentedAt: given.whenOrNull('presentedAt'),
    visit: {
      isChronicDispensing: given.flag('chronicDispense'),
      receivesSocialPension: given.flag('socialPension'),
      ...(birthDate === null ? {} : { birthDate }),
      ...(yearly === null
        ? {}
        : {
            yearlyCopay: {
              fiveYearsFrom: yearly.day('fiveYearsFrom'),
              paid: yearly.number('paid'),
              paidBeforeChange: yearly.number('paidBeforeChange'),
            },
          }),
    },
  };
}

/** A card known by the day it was shown: shown from the first minute of that day on. */
function readCard(card: Fields, { freeCopayFrom, presentedAt }: Circumstances): BenefitCoverage {
  const lastDay = card.dayOrNull('den');
  const shown = card.whenOrNull('presentedAt') ?? presentedAt;
  return {
    cardNumber: card.text('maThe'),
    from: card.day('tu'),
    to: lastDay === null ? null : addDays(lastDay, 1),
    areaCode: card.oneOfOrNull('maKhuVuc', ['K1', 'K2', 'K3']),
    freeCopayFrom: card.dayOrNull('freeCopayFrom') ?? freeCopayFrom,
    presentedAt: shown && (shown.at ?? instantAt(shown.day)),
  };
}

function readLines(all: readonly Fields[]): readonly BenefitLine[] {
  const lines = all.map(readLine);
  const seen = new Set<string>();
  for (const [index, { id }] of lines.entries()) {
    if (seen.has(id)) throw new CaseFault(`lines[${index}].id`, 'twice', { value: id });
    seen.add(id);
  }
  return counted(lines);
}

/** Where no examination says which of the visit it is, they count in the order in which they were carried out. */
function counted(lines: readonly BenefitLine[]): readonly BenefitLine[] {
  const exams = lines.filter(({ kind }) => kind === 'exam');
  if (exams.some(({ examOrdinal, sameDayReturn }) => examOrdinal !== undefined || sameDayReturn))
    return lines;
  const moment = ({ date, performedAt }: BenefitLine) => performedAt ?? instantAt(date);
  const inOrder = exams.toSorted((a, b) => Date.parse(moment(a)) - Date.parse(moment(b)));
  return lines.map((line) =>
    line.kind === 'exam' ? { ...line, examOrdinal: inOrder.indexOf(line) + 1 } : line,
  );
}

function readLine(line: Fields): BenefitLine {
  line.ignore('xml');
  const kind = line.oneOf('loai', KINDS);
  const { day, at } = line.when('at');
  const unitPrice = line.number('donGiaBv');
  const packageCode = line.textOrNull('goiVtyt');
  return {
    id: line.text('id'),
    kind,
    date: day,
    ...(at === null ? {} : { performedAt: at }),
    quantity: line.number('soLuong'),
    unitPrice,
    insuredUnitPrice:
      line.numberOrNull('donGiaBh') ?? (ONE_PRICE.includes(kind) ? unitPrice : line.number('donGiaBh')),
    unitCeiling: line.numberOrNull('unitCeiling'),
    scopeCode: line.text('phamVi'),
    // No ratio in the catalogue: the whole price counts.
    catalogueRate: line.numberOrNull('catalogTyleTtBh') ?? whole,
    ...readFacts(line.object('facts')),
    ...(packageCode === null ? {} : { packageCode }),
    ...readPayer(line.object('nguonKhac')),
  };
}

function readFacts(facts: Fields | null): Partial<BenefitLine> {
  if (!facts) return {};
  const examOrdinal = facts.ordinal('examOrdinal');
  const bedOccupants = facts.ordinal('bedOccupants');
  const stentOrdinal = facts.ordinal('stentOrdinal');
  const surgeryRole = facts.oneOfOrNull('surgeryRole', ROLES);
  return {
    ...(examOrdinal === undefined ? {} : { examOrdinal }),
    ...(bedOccupants === undefined ? {} : { bedOccupants }),
    ...(stentOrdinal === undefined ? {} : { stentOrdinal }),
    ...(surgeryRole === null ? {} : { surgeryRole }),
    ...(facts.flag('sameDayReturn') ? { sameDayReturn: true } : {}),
    ...(facts.flag('stretcher') ? { isStretcher: true } : {}),
  };
}

function readPayer(payer: Fields | null): { otherPayer?: OtherPayer } {
  if (!payer) return {};
  return payer.oneOf('kind', ['individual', 'arv']) === 'arv'
    ? { otherPayer: { kind: 'programme' } }
    : { otherPayer: { kind: 'individual', amount: payer.number('amount') } };
}

/** The claim's name of each amount, and the reading whose rules explain it. */
const LINE_FIELDS: Readonly<Record<string, Explained>> = {
  TYLE_TT_DV: 'serviceRate',
  TYLE_TT_BH: 'scopeRate',
  THANH_TIEN_BV: 'grossAmount',
  THANH_TIEN_BH: 'insuredAmount',
  MUC_HUONG: 'benefitRate',
  T_BHTT: 'insurerPays',
  T_BNCCT: 'copay',
  T_BNTT: 'selfPay',
  T_NGUONKHAC: 'otherPayers',
};
const TOTAL_FIELDS = {
  T_TONGCHI_BV: 'grossAmount',
  T_TONGCHI_BH: 'insuredAmount',
  T_BHTT: 'insurerPays',
  T_BNCCT: 'copay',
  T_BNTT: 'selfPay',
  T_NGUONKHAC: 'otherPayers',
} as const;

/** Computes a visit of a case file. @throws CaseFault; Problem for what the law refuses */
export function computeEncounter(fields: Fields, law: Law): Computed {
  const visit = readVisit(fields);
  const result = assessVisit(visit, law);
  const { totals } = result;
  const values = new Map<string, Decimal | boolean | readonly string[]>([
    ...result.lines.flatMap((line) => lineValues(line)),
    ...Object.entries(TOTAL_FIELDS).map(([name, total]) => [`totals.${name}`, totals[total]] as const),
    ['totals.T_THUOC', totals.drugAmount],
    ['totals.T_VTYT', totals.supplyAmount],
    ['totals.patientTotal', totals.patientPays],
    ['belowThreshold', result.isLowCostVisit],
    ['threshold15', result.lowCostLimit],
    ['routeFactor', result.routeFactor],
    ['rules', [...new Set(result.lines.flatMap(({ because }) => because.map(({ rule }) => rule)))]],
  ]);
  return { value: (path) => values.get(path), explanation: explained(result.lines) };
}

function lineValues(line: LineResult): (readonly [string, Decimal])[] {
  return [
    ...Object.entries(LINE_FIELDS).map(
      ([name, amount]) => [`lines.${line.id}.${name}`, line[amount]] as const,
    ),
    [`lines.${line.id}.DON_GIA_BH`, line.insuredUnitPrice],
  ];
}

/** Per amount of a line its rules in order; a total is the sum of its lines, so it has all of theirs. */
function explained(lines: readonly LineResult[]): Explanation[] {
  const ofLines = lines.flatMap((line) =>
    Object.entries(LINE_FIELDS).map(([name, amount]) => ({
      path: `lines.${line.id}.${name}`,
      amount: line[amount],
      rules: becauseOf(line, amount),
    })),
  );
  const ofTotals = Object.entries(TOTAL_FIELDS).map(([name, amount]) => ({
    path: `totals.${name}`,
    amount: lines.reduce((sum, line) => sum.plus(line[amount]), zero),
    rules: unique(lines.flatMap((line) => becauseOf(line, amount))),
  }));
  return [...ofLines, ...ofTotals];
}

/** Equal rules of several lines once. */
function unique(rules: readonly RuleApplication[]): readonly RuleApplication[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
