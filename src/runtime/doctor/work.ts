import type { Config } from '../../config.ts';
import type { Stakes } from '../../exports/index.ts';
import { type Finding, failure, judged, warning, well } from './finding.ts';
import type { Figures, WorkFigures } from './look.repo.ts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 24 * HOUR;
/** The relay empties the outbox twice a second. */
const OUTBOX = { warning: MINUTE, failure: 10 * MINUTE };
/** A visit waits for the nightly run, and then for its sending. */
const BACKLOG = { warning: 26 * HOUR, failure: 3 * DAY };
const UNKNOWN = { warning: 0, failure: DAY };
const UNSEALED = { warning: 2 * MINUTE, failure: HOUR };
const BACKUP = { warning: 26 * HOUR, failure: 7 * DAY };

const sum = (figures: Figures) => [...figures.values()].reduce((all, one) => all + one, 0);
const most = (figures: Figures) => Math.max(0, ...figures.values());
const listed = (figures: Figures) => [...figures].map(([label, value]) => `${label} ${value}`).join(', ');
const hours = (seconds: number) => Math.floor(seconds / HOUR);

/** What waits, what was given up, what is closed, what ends. */
export function judgeWork(config: Pick<Config, 'SIGNING'>, seen: WorkFigures): Finding[] {
  const outbox = most(seen.outbox);
  const backlog = most(seen.workAge);
  const unsealed = seen.unsealed ?? 0;
  return [
    judged('outbox', outbox, OUTBOX, { seconds: Math.round(outbox) }),
    judged('backlog', backlog, BACKLOG, { hours: hours(backlog) }),
    unknownFound(seen),
    ...personsFound(seen),
    sum(seen.deadLetters) > 0
      ? warning('deadLetters', 'some', { count: sum(seen.deadLetters), queues: listed(seen.deadLetters) })
      : well('deadLetters'),
    channelsFound(seen.channels),
    certificatesFound(config, seen),
    seen.backup === null
      ? warning('backup', 'none')
      : judged('backup', seen.backup, BACKUP, { hours: hours(seen.backup) }),
    archivingFound(seen.archiving),
    judged('seal', unsealed, UNSEALED, { seconds: Math.round(unsealed) }),
  ];
}

function unknownFound({ unknown, unknownAge }: WorkFigures): Finding {
  const count = sum(unknown);
  if (count === 0) return well('unknown');
  return judged('unknown', most(unknownAge), UNKNOWN, { count, hours: hours(most(unknownAge)) });
}

/** What nothing but a person ends. */
function personsFound({ parked, papers, corrections }: WorkFigures): Finding[] {
  const [overdue, unclear] = [corrections.get('overdue') ?? 0, papers.get('unclear') ?? 0];
  return [
    sum(parked) > 0
      ? warning('parked', 'some', { count: sum(parked), codes: listed(parked) })
      : well('parked'),
    unclear > 0 ? warning('papers', 'unclear', { count: unclear }) : well('papers'),
    overdue > 0
      ? failure('corrections', 'overdue', { count: overdue, open: sum(corrections) })
      : well('corrections', { open: sum(corrections) }),
  ];
}

/** Visits by the time that is left to hand them in. */
export function judgeDeadlines(stakes: Stakes): Finding {
  const [overdue, day, soon] = [stakes.overdue.count, stakes.day.count, stakes.soon.count];
  if (overdue + day > 0) return failure('deadlines', 'far', { overdue, day });
  return soon > 0 ? warning('deadlines', 'near', { soon }) : well('deadlines', { count: stakes.later.count });
}

function archivingFound(archiving: Figures): Finding {
  const failing = archiving.get('failing') ?? 0;
  if (failing > 0) return failure('archiving', 'failing', { count: failing });
  return archiving.size > 0 ? well('archiving') : well('archiving', {}, 'off');
}

function channelsFound(channels: Figures): Finding {
  if (channels.size === 0) return well('channels');
  const names = listed(channels);
  return [...channels.keys()].some((label) => label.endsWith(':stopped'))
    ? failure('channels', 'stopped', { names })
    : warning('channels', 'open', { names });
}

function certificatesFound(
  { SIGNING }: Pick<Config, 'SIGNING'>,
  { certificates, without }: WorkFigures,
): Finding {
  if (SIGNING === 'off') return warning('certificates', 'off');
  const of = (state: string) => certificates.get(state) ?? 0;
  if (of('ended') > 0) return failure('certificates', 'ended', { count: of('ended') });
  if (without.size > 0) {
    const codes = [...without.keys()].slice(0, 5).join(', ');
    return warning('certificates', 'none', { count: without.size, codes });
  }
  if (of('ending') > 0) return warning('certificates', 'ending', { count: of('ending') });
  return well('certificates', { count: of('inUse') });
}
