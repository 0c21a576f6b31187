import { readFileSync } from 'node:fs';

/** Who used the cores, in seconds of processor time. */
export type Processor = Readonly<Record<'workers' | 'database' | 'gateway' | 'api', number>>;

/** Seconds of processor time until now, as Linux tells them; of the database with all its backends, also those that ended. */
export function processorOf(
  { workers, gateway, api }: Readonly<Record<'workers' | 'gateway' | 'api', readonly number[]>>,
  postgres: number,
): Processor {
  const sum = (pids: readonly number[]) => pids.reduce((all, pid) => all + secondsOf(pid).own, 0);
  const backends = childrenOf(postgres).reduce((all, pid) => all + secondsOf(pid).own, 0);
  return {
    workers: sum(workers),
    gateway: sum(gateway),
    api: sum(api),
    database: secondsOf(postgres).withEnded + backends,
  };
}

const TICKS = 100;
function secondsOf(pid: number): { own: number; withEnded: number } {
  try {
    const [user, system, endedUser, endedSystem] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .split(') ')[1]!
      .split(' ')
      .slice(11, 15)
      .map(Number) as [number, number, number, number];
    const own = (user + system) / TICKS;
    return { own, withEnded: own + (endedUser + endedSystem) / TICKS };
  } catch {
    return { own: 0, withEnded: 0 };
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Most memory that a process ever held, as Linux tells it; 0 elsewhere. */
export function highestMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024);
  } catch {
    return 0;
  }
}
