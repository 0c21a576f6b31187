import { currentLanguage } from '../config.ts';
import { progressBar } from '../demo/progress.ts';
import { text } from '../messages/index.ts';
import type { BackupWatch } from '../platform/embedded/index.ts';

const MIB = 1024 ** 2;
const EVERY_MS = 10_000;
const words = (key: string, values?: { at: string }) => text(currentLanguage(), `backup.${key}`, values);

export type BackupProgress = BackupWatch & { replayed(at: Date | null): void };

/** Shows on standard error how far a backup or a restore is: a bar for each stage, then how far the log is replayed. */
export async function withProgress<T>(work: (watch: BackupProgress) => Promise<T>): Promise<T> {
  let bar: ReturnType<typeof progressBar> | undefined;
  let [done, total, saidAt] = [0, 0, 0];
  const watch: BackupProgress = {
    begin(stage, bytes) {
      bar?.stop();
      [done, total] = [0, Math.ceil(bytes / MIB)];
      bar = progressBar(words(`stage.${stage}`), total);
    },
    file(bytes) {
      done += bytes;
      bar?.set(Math.min(total, Math.ceil(done / MIB)));
    },
    replayed(at) {
      bar?.stop();
      if (Date.now() < saidAt + EVERY_MS) return;
      saidAt = Date.now();
      const where = at === null ? words('replaying') : words('replayed', { at: at.toISOString() });
      process.stderr.write(`${where}\n`);
    },
  };
  try {
    return await work(watch);
  } finally {
    bar?.stop();
  }
}
