/** What was started and must be stopped again, last first; also when that is asked for in the middle of starting. */
export interface Stops {
  /** Called as soon as the thing exists, before anything is waited for. */
  readonly add: (stop: () => unknown) => void;
  /** Stops everything once; asked again, it waits for the same end. @throws the first failure, after all had their turn */
  run(): Promise<void>;
}

export function createStops(): Stops {
  const stops: (() => unknown)[] = [];
  let running: Promise<void> | undefined;
  const runAll = async () => {
    const failures: unknown[] = [];
    for (let stop = stops.pop(); stop; stop = stops.pop()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    add(stop) {
      stops.push(stop);
    },
    run() {
      running ??= runAll();
      return running;
    },
  };
}
