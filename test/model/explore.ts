/** A state of the model, told apart by its key, and what may happen in it. */
export interface Model<State> {
  readonly start: State;
  key(state: State): string;
  /** Everything that may happen next, each with what it is called. */
  steps(state: State): Iterable<readonly [string, State]>;
  /** Which of the invariants does not hold; null = all do. */
  broken(state: State): string | null;
}

export interface Explored {
  readonly states: number;
  readonly steps: number;
  /** The shortest way to a state in which an invariant does not hold; null = there is none. */
  readonly counterexample: { readonly broken: string; readonly trace: readonly string[] } | null;
}

/** Visits every state that can be reached, nearest first, and stops at the first that breaks an invariant. */
export function explore<State>(model: Model<State>): Explored {
  const cameFrom = new Map<string, { readonly from: string | null; readonly step: string }>();
  const waiting: (readonly [string, State])[] = [];
  let steps = 0;
  const meet = (state: State, from: string | null, step: string): Explored | null => {
    const key = model.key(state);
    if (cameFrom.has(key)) return null;
    cameFrom.set(key, { from, step });
    waiting.push([key, state]);
    const broken = model.broken(state);
    if (broken === null) return null;
    return { states: cameFrom.size, steps, counterexample: { broken, trace: traceTo(key, cameFrom) } };
  };
  let found = meet(model.start, null, 'start');
  for (let next = 0; found === null && next < waiting.length; next += 1) {
    const [key, state] = waiting[next]!;
    for (const [step, after] of model.steps(state)) {
      steps += 1;
      found = meet(after, key, step);
      if (found !== null) break;
    }
  }
  return found ?? { states: cameFrom.size, steps, counterexample: null };
}

function traceTo(
  key: string,
  cameFrom: ReadonlyMap<string, { readonly from: string | null; readonly step: string }>,
): string[] {
  const trace: string[] = [];
  for (let at: string | null = key; at !== null; at = cameFrom.get(at)!.from)
    trace.push(cameFrom.get(at)!.step);
  return trace.toReversed();
}
