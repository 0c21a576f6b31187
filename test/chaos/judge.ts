import { add, type Money, money, moneyText, zero } from '../../src/platform/money.ts';

export interface VersionFacts {
  readonly number: number;
  readonly sequences: readonly number[];
  /** States it went through, in order. */
  readonly types: readonly string[];
  /** Hash of the file, once for each time it was sent. */
  readonly sent: readonly string[];
}

/** A file that the gateway stored; in the order in which they came. */
export interface Arrival {
  readonly sha256: string;
  readonly isActive: boolean;
  readonly insurerPays: string;
}

export interface VisitFacts {
  /** MA_LK */
  readonly key: string;
  /** What people were last told: settled, with so much from the insurer. */
  readonly isOpen: boolean;
  readonly insurerPays: string;
  /** A person sees that it waits, and why. */
  readonly isKept: boolean;
  readonly versions: readonly VersionFacts[];
  readonly arrivals: readonly Arrival[];
  /** Calls that handed in the file with this hash, as the network saw them. */
  readonly calls: Readonly<Record<string, number>>;
}

export interface Facts {
  readonly visits: readonly VisitFacts[];
  /** Records at the gateway of visits that nobody settled. */
  readonly strays: readonly string[];
  /** T_BHTT of all active records, as the gateway adds it up. */
  readonly gatewayMoney: string;
}

/** Everything that must hold when all is at rest. @returns what does not, one line each; none = it holds */
export function judge({ visits, strays, gatewayMoney }: Facts): string[] {
  const expected = visits
    .flatMap(({ arrivals }) => arrivals.filter((one) => one.isActive))
    .reduce((sum: Money, one) => add(sum, money(one.insurerPays)), zero as Money);
  return [
    ...strays.map((key) => `${key}: a record of a visit that nobody settled`),
    ...visits.flatMap((visit) => judgeVisit(visit).map((failure) => `${visit.key}: ${failure}`)),
    ...(moneyText(expected) === gatewayMoney
      ? []
      : [`money: the gateway adds up ${gatewayMoney}, its records ${moneyText(expected)}`]),
  ];
}

function judgeVisit(visit: VisitFacts): string[] {
  return [
    ...lost(visit),
    ...doubled(visit),
    ...outOfOrder(visit),
    ...wrongMoney(visit),
    ...visit.versions.flatMap((version) => wrongLedger(version, visit)),
  ];
}

/** A settled visit is one record, of its newest version, and the ledger knows it: or a person sees it. */
function lost({ isOpen, isKept, versions, arrivals }: VisitFacts): string[] {
  if (isOpen || isKept) return [];
  const newest = versions.at(-1);
  const active = arrivals.find((one) => one.isActive);
  if (!newest || !active) return [`lost: ${newest ? 'no active record' : 'no claim'}`];
  return [
    ...(newest.sent.includes(active.sha256) ? [] : ['lost: the active record is not the newest version']),
    ...(newest.types.at(-1) === 'received'
      ? []
      : [`lost: the newest version rests as ${newest.types.at(-1)}`]),
  ];
}

function doubled({ arrivals, calls, versions }: VisitFacts): string[] {
  const active = arrivals.filter((one) => one.isActive).length;
  const attempts = (sha256: string) =>
    versions.flatMap(({ sent }) => sent).filter((one) => one === sha256).length;
  return [
    ...(active > 1 ? [`doubled: ${active} active records`] : []),
    ...Object.entries(calls)
      .filter(([sha256, made]) => made > attempts(sha256))
      .map(([sha256, made]) => `doubled: ${made} calls of ${attempts(sha256)} that the ledger knows`),
  ];
}

function outOfOrder({ arrivals, versions }: VisitFacts): string[] {
  const numbers = arrivals.map(
    ({ sha256 }) => versions.find(({ sent }) => sent.includes(sha256))?.number ?? 0,
  );
  const isRising = numbers.every((number, index) => index === 0 || number >= numbers[index - 1]!);
  return [
    ...(isRising ? [] : [`order: versions came as ${numbers.join(', ')}`]),
    ...(numbers.includes(0) ? ['a file arrived that the ledger never sent'] : []),
  ];
}

function wrongMoney({ isOpen, isKept, insurerPays, arrivals }: VisitFacts): string[] {
  const active = arrivals.find((one) => one.isActive);
  if (isOpen || isKept || !active || moneyText(money(active.insurerPays)) === moneyText(money(insurerPays)))
    return [];
  return [`money: ${active.insurerPays} at the gateway, ${insurerPays} at the desk`];
}

function wrongLedger({ number, sequences, types, sent }: VersionFacts, { arrivals }: VisitFacts): string[] {
  const hasArrived = arrivals.some(({ sha256 }) => sent.includes(sha256));
  const must = (holds: boolean, failure: string) => (holds ? [] : [`version ${number}: ${failure}`]);
  return [
    ...must(
      sequences.every((one, index) => one === index + 1),
      'events with a gap',
    ),
    ...must(types.at(-1) !== 'sending', 'rests as sending'),
    ...must(new Set(sent).size <= 1, 'sent with different bytes'),
    ...must(hasArrived || !types.includes('received'), 'called received, and is not there'),
    ...must(!hasArrived || !types.includes('withdrawn'), 'withdrawn, and is there'),
    ...must(types.filter((one) => one === 'received').length <= 1, 'received more than once'),
  ];
}
