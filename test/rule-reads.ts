import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_RULES } from '../src/assessment/index.ts';

/** Writes `src/assessment/rule-reads.json`: what the rules that speak before the settlement look at, as their own cases show. */
const folder = mkdtempSync(join(tmpdir(), 'his-reads-'));
const run = spawnSync(
  process.execPath,
  ['test/run.ts', '--fast', 'src/assessment/rules', 'test/assessment/corpus.test.ts'],
  {
    env: { ...process.env, HIS_RULE_READS: folder },
    stdio: 'inherit',
  },
);
if (run.status !== 0) throw new Error('the cases of the rules fail: nothing is written');
const places = new Map<string, Set<string>>();
for (const file of readdirSync(folder)) {
  const id = file.slice(0, file.lastIndexOf('.'));
  const known = places.get(id) ?? new Set();
  for (const place of readFileSync(join(folder, file), 'utf8').split('\n'))
    if (place !== '') known.add(place);
  places.set(id, known);
}
rmSync(folder, { recursive: true });
// Those above them are asked with them, whatever their stage.
const early = new Set<string>();
const add = (id: string): void => {
  if (early.has(id)) return;
  early.add(id);
  for (const parent of ALL_RULES.find((one) => one.id === id)?.parents ?? []) add(parent);
};
for (const { id, stage } of ALL_RULES) if (stage === 'order' || stage === 'discharge') add(id);
const lines = ALL_RULES.filter(({ id }) => early.has(id)).flatMap(({ id }) => {
  const all = [...(places.get(id) ?? [])];
  const whole = all.filter((place) => place.endsWith('.*'));
  const named = all.includes('*')
    ? ['*']
    : all.filter(
        (place) =>
          place.endsWith('.*') || !whole.includes(`${place.split('.')[0]}.*`) || !place.includes('.'),
      );
  return all.length === 0 ? [] : [`  ${JSON.stringify(id)}: ${JSON.stringify(named.toSorted())}`];
});
writeFileSync(new URL('../src/assessment/rule-reads.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
