import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ALL_RULES, FILE_RULES, ruleFacts } from '../../src/assessment/index.ts';
import { catalogue, LANGUAGES } from '../../src/messages/index.ts';
import { sha256 } from '../../src/platform/ids.ts';
import { DEVIATIONS } from './rule-deviations.ts';

/**
 * `official-rules.json` has, by rule id, the digest of each part of the official list of rules. Here the parts are made
 * again from our rules and messages: they are equal except where `rule-deviations.ts` says why not.
 */
type Digests = Readonly<Record<string, string>>;
const official = JSON.parse(
  readFileSync(new URL('official-rules.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Digests>>;

/** `maxDays` → `max_days`, `XML2` → `xml2`: the list writes its parameters so. */
const officialName = (name: string) => name.replace(/[a-z](?=[A-Z])/g, '$&_').toLowerCase();

/** Names as the list writes them, in order; a number is its text, since codes are texts with us and numbers there. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return typeof value === 'boolean' ? value : String(value);
  const entries = Object.entries(value).map(([name, one]) => [officialName(name), canonical(one)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
const digest = (value: unknown) => sha256(JSON.stringify(canonical(value))).slice(0, 16);

const publicNames = new Map(ruleFacts().map(({ id, params }) => [id, params]));
const messages = LANGUAGES.map((language) => catalogue(language));

/** Of the parameters, those that the facts name: a rule may have more. */
function ours(rule: (typeof ALL_RULES)[number] | (typeof FILE_RULES)[number]): Digests {
  const { id, severity, stage, isOffByDefault = false } = rule;
  const all = rule.params as Readonly<Record<string, unknown>>;
  const params = (publicNames.get(id) ?? []).map((name) => [
    `params.${officialName(name)}`,
    digest(all[name]),
  ]);
  return {
    facts: digest({ id, severity, stage, isOffByDefault }),
    messages: digest(messages.map((texts) => texts.get(`rules.${id}`))),
    ...Object.fromEntries(params),
  };
}

describe('the official list of rules', () => {
  const rules = [...ALL_RULES, ...FILE_RULES];
  const known = new Set(DEVIATIONS.map(({ id, what }) => `${id} ${what}`));

  test('has our rules and no other', () => {
    expect(rules.map(({ id }) => id).toSorted()).toEqual(Object.keys(official).toSorted());
  });

  test('is what our rules say, except where a reason is written down', () => {
    const different = rules.flatMap((rule) => {
      const [own, theirs] = [ours(rule), official[rule.id] ?? {}];
      return [...new Set([...Object.keys(own), ...Object.keys(theirs)])]
        .filter((part) => own[part] !== theirs[part])
        .map((part) => `${rule.id} ${part}`);
    });
    expect(different.toSorted()).toEqual([...known].toSorted());
  });

  test('is left for one reason each', () => {
    expect(known.size).toBe(DEVIATIONS.length);
    expect(DEVIATIONS.filter(({ why }) => why.trim() === '')).toEqual([]);
  });
});
