/** Planned misbehaviour: which calls, at which moment, what happens. Seeded, so a run repeats. */
export type FaultMoment = 'before-auth' | 'after-auth' | 'after-persist' | 'after-answer-header';
const MOMENTS: readonly FaultMoment[] = ['before-auth', 'after-auth', 'after-persist', 'after-answer-header'];
const ACTIONS = ['delay', 'status', 'code', 'reset', 'drop', 'truncate', 'garbage'] as const;
/** Once the header is out, status and code can no longer change. */
const AFTER_HEADER: readonly string[] = ['delay', 'reset', 'drop', 'truncate', 'garbage'];

export interface FaultAction {
  readonly type: (typeof ACTIONS)[number];
  readonly ms: number;
  readonly status: number;
  readonly body: string | null;
  readonly maKetQua: string;
}

export interface FaultRule {
  readonly id: string;
  /** `path` and `maLk` may end in or contain `*`; what is absent matches everything. */
  readonly path: string | null;
  readonly maCSKCB: string | null;
  readonly maLk: string | null;
  /** Which of the matching calls, counted from 1; empty = each. */
  readonly nth: readonly number[];
  readonly probability: number;
  readonly when: FaultMoment;
  readonly action: FaultAction;
  /** How often at most. */
  readonly times: number;
}

export class FaultError extends Error {}

/** What the simulator knows about the call when it asks. */
export interface FaultSubject {
  readonly path: string;
  readonly maCSKCB: string | null;
  readonly maLks: readonly string[];
}

interface Kept {
  readonly rule: FaultRule;
  readonly path: RegExp | null;
  readonly maLk: RegExp | null;
  readonly random: () => number;
  matched: number;
  fired: number;
}

export class Faults {
  private readonly seed: string;
  private rules: Kept[] = [];
  private added = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** @throws FaultError with what was expected. */
  add(input: unknown): FaultRule {
    this.added += 1;
    const rule = readRule(input, `f${this.added}`);
    this.rules = this.rules.filter((kept) => kept.rule.id !== rule.id);
    this.rules.push({
      rule,
      path: rule.path === null ? null : pattern(rule.path),
      maLk: rule.maLk === null ? null : pattern(rule.maLk),
      random: seeded(`${this.seed} ${rule.id}`),
      matched: 0,
      fired: 0,
    });
    return rule;
  }

  list(): readonly (FaultRule & { readonly matched: number; readonly fired: number })[] {
    return this.rules.map(({ rule, matched, fired }) => ({ ...rule, matched, fired }));
  }

  clear(id?: string): void {
    this.rules = id === undefined ? [] : this.rules.filter((kept) => kept.rule.id !== id);
    if (id === undefined) this.added = 0; // names, and with them the random rows, begin again
  }

  /** Does any rule look into the file? Then it is read before the checks. */
  get needsLinkCode(): boolean {
    return this.rules.some((kept) => kept.maLk !== null);
  }

  /**
   * Counts this call for every rule of that kind and says which will act. `header`: rules that need nothing but the
   * path and act before the body is read; `body`: all others.
   */
  arm(subject: FaultSubject, stage: 'header' | 'body'): Armed {
    const armed = this.rules.filter((kept) => {
      if ((stage === 'header') !== isHeaderRule(kept.rule) || !matches(kept, subject)) return false;
      kept.matched += 1;
      const counts = kept.rule.nth.length === 0 || kept.rule.nth.includes(kept.matched);
      return counts && (kept.rule.probability >= 1 || kept.random() < kept.rule.probability);
    });
    return {
      at: (moment) => {
        const acting = armed.filter((kept) => kept.rule.when === moment && kept.fired < kept.rule.times);
        for (const kept of acting) kept.fired += 1;
        return acting.map((kept) => kept.rule.action);
      },
    };
  }
}

/** The rules that will act on one call. */
export interface Armed {
  at(moment: FaultMoment): readonly FaultAction[];
}

const isHeaderRule = (rule: FaultRule) =>
  rule.when === 'before-auth' && rule.maCSKCB === null && rule.maLk === null;

function matches(kept: Kept, subject: FaultSubject): boolean {
  const { path, maLk, rule } = kept;
  return (
    (path === null || path.test(subject.path)) &&
    (rule.maCSKCB === null || rule.maCSKCB === subject.maCSKCB) &&
    (maLk === null || subject.maLks.some((value) => maLk.test(value)))
  );
}

function pattern(text: string): RegExp {
  const escaped = text.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}

/** mulberry32 over a hash of the name: small, repeatable, good enough to spread faults. */
function seeded(name: string): () => number {
  let state = 2_166_136_261;
  for (const letter of name) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function readRule(input: unknown, id: string): FaultRule {
  const rule = record(input, 'a fault rule');
  const match = record(rule.match ?? {}, 'match');
  const when = MOMENTS.find((moment) => moment === (rule.when ?? 'before-auth'));
  if (!when) throw new FaultError(`when: expected ${MOMENTS.join(', ')}, got ${JSON.stringify(rule.when)}`);
  const action = readAction(rule.action);
  if (when === 'after-answer-header' && !AFTER_HEADER.includes(action.type)) {
    throw new FaultError(
      `action ${action.type} is not possible after the answer's header; ${AFTER_HEADER.join(', ')} are`,
    );
  }
  const nth = match.nth ?? [];
  if (!Array.isArray(nth) || !nth.every((value) => Number.isSafeInteger(value))) {
    throw new FaultError(`match.nth: expected a list of whole numbers, got ${JSON.stringify(nth)}`);
  }
  return {
    id: optionalText(rule.id, 'id') ?? id,
    path: optionalText(match.path, 'match.path'),
    maCSKCB: optionalText(match.maCSKCB, 'match.maCSKCB'),
    maLk: optionalText(match.maLk, 'match.maLk'),
    nth: nth.map(Number),
    probability: optionalNumber(match.probability, 'match.probability') ?? 1,
    when,
    action,
    times: optionalNumber(rule.times, 'times') ?? Number.MAX_SAFE_INTEGER,
  };
}

function readAction(input: unknown): FaultAction {
  const action = record(input, 'action');
  const type = ACTIONS.find((known) => known === action.type);
  if (!type)
    throw new FaultError(`action.type: expected ${ACTIONS.join(', ')}, got ${JSON.stringify(action.type)}`);
  const status = optionalNumber(action.status, 'action.status') ?? 500;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new FaultError('action.status: expected 200–599');
  return {
    type,
    ms: optionalNumber(action.ms, 'action.ms') ?? 0,
    status,
    body: optionalText(action.body, 'action.body'),
    maKetQua: optionalText(action.maKetQua, 'action.maKetQua') ?? '500',
  };
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FaultError(`${name}: expected an object, got ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}

function optionalText(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new FaultError(`${name}: expected text, got ${JSON.stringify(value)}`);
  return value;
}

function optionalNumber(value: unknown, name: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new FaultError(`${name}: expected a number from 0, got ${JSON.stringify(value)}`);
  }
  return value;
}
