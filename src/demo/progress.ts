import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  set(value: number): void;
  readonly add: () => void;
  /** Once; again does nothing. */
  readonly stop: () => void;
}

/** A bar with rate and time left on standard error; a line every ten seconds where there is no terminal. */
export function progressBar(title: string, total: number): Progress {
  const startedAt = Date.now();
  const bar = new SingleBar(
    {
      format: `${title.padEnd(24)} {bar} {percentage}% {value}/{total} · {rate}/s · {left}`,
      stream: process.stderr,
      hideCursor: true,
      noTTYOutput: !process.stderr.isTTY,
      notTTYSchedule: 10_000,
    },
    Presets.shades_classic,
  );
  let value = 0;
  const rate = () => Math.round(value / Math.max(0.001, (Date.now() - startedAt) / 1000));
  const left = () => {
    const seconds = value === 0 ? null : Math.ceil((total - value) / Math.max(1, rate()));
    return seconds === null ? '–:––' : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  bar.start(total, 0, { rate: 0, left: left() });
  const show = () => bar.update(value, { rate: rate(), left: left() });
  return {
    set(now) {
      value = now;
      show();
    },
    add() {
      value += 1;
      if (value % 20 === 0 || value === total) show();
    },
    stop() {
      if (!bar.isActive) return;
      show();
      bar.stop();
    },
  };
}
