import {
  assessVisit,
  type BenefitLine,
  type BenefitVisit,
  becauseOf,
  type Explained,
  explain,
  loadPolicy,
} from '../../src/benefits/index.ts';
import { decimal } from '../../src/platform/money.ts';

/** Lines of the three sizes: a visit to a station, a stay of some days, a long stay in intensive care. */
const SIZES = [5, 50, 500] as const;
const ROUND_MS = 250;
const ROUNDS = 9;
const AMOUNTS: readonly Explained[] = ['grossAmount', 'insuredAmount', 'insurerPays', 'copay', 'selfPay'];

export interface BenefitsFigures {
  readonly sizes: readonly {
    readonly lines: number;
    /** Amounts with the trace of every rule, value and source; there is no way to have them without. */
    readonly perSecond: number;
    readonly ms: number;
    /** And the rules of each amount of each line as Vietnamese sentences, as for one screen that shows all of them. */
    readonly withSentencesPerSecond: number;
    readonly withSentencesMs: number;
  }[];
}

/** How many visits one core assesses, with amounts that no other visit of the round has. */
export function benchBenefits(): BenefitsFigures {
  const law = loadPolicy();
  return {
    sizes: SIZES.map((lines) => {
      const visits = Array.from({ length: 40 }, (_, index) => visitOf(lines, index));
      let next = 0;
      const visit = () => {
        next += 1;
        return visits[next % visits.length]!;
      };
      const traced = median(() => void assessVisit(visit(), law));
      const told = median(() => {
        for (const line of assessVisit(visit(), law).lines)
          for (const amount of AMOUNTS) for (const rule of becauseOf(line, amount)) explain('vi', rule);
      });
      return {
        lines,
        perSecond: Math.round(1000 / traced),
        ms: round(traced),
        withSentencesPerSecond: Math.round(1000 / told),
        withSentencesMs: round(told),
      };
    }),
  };
}

/** Milliseconds of processor time for one run: the machine is shared, the processor's clock is our own. */
function median(run: () => void): number {
  for (const until = performance.now() + ROUND_MS; performance.now() < until; ) run();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = process.cpuUsage();
    let runs = 0;
    for (const until = performance.now() + ROUND_MS; performance.now() < until; runs += 1) run();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000 / runs;
  });
  return rounds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
}

const round = (ms: number) => Math.round(ms * 1000) / 1000;

function visitOf(lines: number, seed: number): BenefitVisit {
  return {
    policyDate: '2026-08-10',
    arrivedOn: '2026-08-10',
    classCode: lines === 5 ? '01' : '03',
    routeCode: '1.1',
    birthDate: '1960-02-01',
    facility: { level: 'basic', points: 45, formerTier: 'district' },
    coverages: [
      {
        cardNumber: 'DN4400000000001',
        from: '2026-01-01',
        to: '2027-01-01',
        areaCode: null,
        freeCopayFrom: null,
        presentedAt: '2026-08-10T00:30:00.000Z',
      },
    ],
    lines: Array.from({ length: lines }, (_, index) => lineOf(index, seed)),
  };
}

const KINDS = ['exam', 'service', 'drug', 'drug', 'supply', 'bed', 'service', 'surgery'] as const;

function lineOf(index: number, seed: number): BenefitLine {
  const kind = index === 0 ? 'exam' : KINDS[1 + (index % 7)]!;
  const price = decimal(String(1_000 + ((index * 7_919 + seed * 104_729) % 900_000)));
  return {
    id: `line-${index}`,
    kind,
    date: '2026-08-10',
    performedAt: '2026-08-10T02:00:00.000Z',
    quantity: decimal(kind === 'drug' ? String(1 + (index % 30)) : '1'),
    unitPrice: price,
    insuredUnitPrice: price,
    unitCeiling: kind === 'supply' && index % 2 === 0 ? decimal('200000') : null,
    scopeCode: '1',
    catalogueRate: decimal(index % 9 === 3 ? '50' : '100'),
    ...(kind === 'exam' ? { examOrdinal: 1 } : {}),
    ...(kind === 'bed' ? { bedOccupants: 1 + (index % 2) } : {}),
    ...(kind === 'surgery' ? { surgeryRole: 'additionalSameTeam' as const } : {}),
    ...(kind === 'supply' && index % 3 === 0 ? { packageCode: 'G1' } : {}),
  };
}
