import { UNANSWERED_CHECK_INS } from '../exports/index.ts';
import { type Language, text } from '../messages/index.ts';
import { type Database, FIGURES_CONTEXT } from '../platform/database/index.ts';
import { addDays, instantAt, localDate } from '../platform/dates.ts';
import { escapeHtml, page } from '../platform/http/index.ts';

interface Today {
  readonly arrived: number;
  readonly settled: number;
  readonly built: number;
  readonly received: number;
  readonly refused: number;
  readonly waiting: number;
  readonly obstacles: number;
  readonly unansweredCheckIns: number;
}

/** One plain page: is the system well, what happened today, where to go. Counts only, nothing about a person. */
export async function homePage(database: Database, language: Language, now: Date): Promise<string> {
  const day = localDate(now);
  const say = (key: string) => escapeHtml(text(language, `home.${key}`));
  const today = await counts(database, day).catch(() => null);
  const state = today ? `<p class="good">${say('up')}</p>` : `<p class="bad">${say('down')}</p>`;
  const rows = today
    ? (Object.entries(today) as [keyof Today, number][])
        .map(([name, value]) => `<tr><td>${say(name)}</td><td>${value}</td></tr>`)
        .join('')
    : '';
  const links = ['/docs', '/openapi.json', '/problems', '/healthz', '/readyz', '/metrics'];
  return page(
    language,
    'LienThong HIS',
    `<h1>LienThong HIS</h1>${state}<h2>${say('today')} ${escapeHtml(day)}</h2><table>${rows}</table>
     <h2>${say('links')}</h2><ul>${links.map((link) => `<li><a href="${link}">${link}</a></li>`).join('')}</ul>`,
  );
}

function counts(database: Database, day: string): Promise<Today | null> {
  const from = instantAt(day);
  const to = instantAt(addDays(day, 1));
  return database.transaction(FIGURES_CONTEXT, async (tx) => {
    const [row] = await tx.query<Today>(
      `select v.arrived, v.settled,
         (select count(*)::int from claim_event where type = 'built' and at >= $1 and at < $2) as built,
         (select count(*)::int from claim_event where type = 'received' and at >= $1 and at < $2) as received,
         (select count(*)::int from claim_event where type = 'refused' and at >= $1 and at < $2) as refused,
         (select count(*)::int from export_work) as waiting,
         (select count(*)::int from export_obstacle) as obstacles,
         (select coalesce(sum(value), 0)::int from (${UNANSWERED_CHECK_INS}) u) as "unansweredCheckIns"
       from encounter_figures($1, $2) v`,
      [from, to],
    );
    return row ?? null;
  });
}
