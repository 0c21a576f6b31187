/** How long each stage of a piece of work took, added up, in milliseconds. */
export interface Stopwatch<Stage extends string> {
  readonly ms: Readonly<Partial<Record<Stage, number>>>;
  time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T>;
}

export function stopwatch<Stage extends string>(): Stopwatch<Stage> {
  const ms: Partial<Record<Stage, number>> = {};
  return {
    ms,
    async time(stage, work) {
      const startedAt = performance.now();
      try {
        return await work();
      } finally {
        ms[stage] = Math.round((ms[stage] ?? 0) + performance.now() - startedAt);
      }
    },
  };
}
