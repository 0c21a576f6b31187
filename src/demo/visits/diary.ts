/** When the staff of one facility is busy, in minutes since 1970, so that nobody works at two bedsides at once. */
export class Diary {
  readonly #busy = new Map<string, (readonly [from: number, to: number])[]>();

  /** Whoever of `people` is free first from `from` on, for so many minutes. @returns who and when */
  book(
    people: readonly string[],
    from: number,
    minutes: number,
    latest: number,
  ): { readonly who: string; readonly at: number } {
    let best: { who: string; at: number } | undefined;
    for (const who of people) {
      const at = this.#firstFree(who, from, minutes);
      if (!best || at < best.at) best = { who, at };
    }
    if (!best) throw new RangeError('nobody to do the work');
    // A day that is too full for its staff still ends: somebody helps out.
    if (best.at + minutes > latest) return { who: best.who, at: from };
    this.#busy.set(best.who, [...(this.#busy.get(best.who) ?? []), [best.at, best.at + minutes] as const]);
    return best;
  }

  #firstFree(who: string, from: number, minutes: number): number {
    let at = from;
    for (const [start, end] of (this.#busy.get(who) ?? []).toSorted((a, b) => a[0] - b[0]))
      if (start < at + minutes && at < end) at = end;
    return at;
  }
}
