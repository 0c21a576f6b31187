import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { ruleReads } from '../../src/assessment/affected.ts';
import { claimOf } from '../../src/assessment/claim.ts';
import type { Encounter, Neighbours } from '../../src/assessment/encounter.ts';
import type { AnyRule, Claim, Row, RuleContext } from '../../src/assessment/rule.ts';

type Note = (place: string) => void;

/**
 * The rule, held to what `rule-reads.json` says of it: what it looks at in any of its cases is named there. With
 * HIS_RULE_READS, the name of a folder, it is written down instead.
 */
export function readsOf(one: AnyRule): AnyRule {
  const seen = new Set<string>();
  const folder = process.env.HIS_RULE_READS;
  const isEarly = one.stage === 'order' || one.stage === 'discharge' || ruleReads()[one.id] !== undefined;
  if (folder || isEarly)
    afterAll(() => {
      if (folder) writeFileSync(join(folder, `${one.id}.${process.hrtime.bigint()}`), [...seen].join('\n'));
      else expect([one.id, [...seen].filter((place) => !isNamed(one.id, place))]).toEqual([one.id, []]);
    });
  return watchedRule(one, (place) => seen.add(place));
}

function isNamed(rule: string, place: string): boolean {
  const named = ruleReads()[rule] ?? [];
  return named.includes('*') || named.includes(place) || named.includes(`${place.split('.')[0]}.*`);
}

/** The rule, telling at what it looks (the places of `rule-reads.json`). */
export function watchedRule(one: AnyRule, note: Note): AnyRule {
  const { check } = one as unknown as {
    check: (this: void, claim: Claim, params: unknown, context: RuleContext) => unknown;
  };
  return {
    ...one,
    check: (claim: Claim, params: unknown, context: RuleContext) =>
      check(watchedClaim(claim, note), params, {
        ...context,
        neighbours: watchedNeighbours(context.neighbours, note),
      }),
  } as unknown as AnyRule;
}

function watchedClaim(claim: Claim, note: Note): Claim {
  const tables = Object.fromEntries(
    claim.tables.map((table) => [
      table,
      claim.rows(table).map(({ values }) => watchedRow(table, values, note)),
    ]),
  );
  const inner = claimOf(claim.facilityCode, tables, claim.earlierKeys);
  const asks =
    <T>(ask: (table: string) => T) =>
    (table: string): T => {
      note(table);
      return ask(table);
    };
  const outer = { ...inner, rows: asks(inner.rows), has: asks(inner.has), count: asks(inner.count) };
  Object.defineProperty(outer, 'tables', {
    get: () => {
      note('*');
      return inner.tables;
    },
  });
  for (const [name, codes] of Object.entries({
    xml2: ['XML2'],
    xml3: ['XML3'],
    xml4: ['XML4'],
    xml5: ['XML5'],
    chargeRows: ['XML2', 'XML3'],
  }))
    Object.defineProperty(outer, name, {
      get: () => {
        codes.forEach(note);
        return inner[name as keyof Claim];
      },
    });
  return outer;
}

const watchedRow = (table: string, values: Row, note: Note): Row =>
  new Proxy(values, {
    get(row, field) {
      if (typeof field === 'string') note(`${table}.${field}`);
      return Reflect.get(row, field) as unknown;
    },
    ownKeys(row) {
      note(`${table}.*`);
      return Reflect.ownKeys(row);
    },
  });

/** From where in the claim it comes what others see of an encounter. */
const ORIGINS: Readonly<Partial<Record<keyof Encounter, string>>> = {
  facility: 'XML1.MA_CSKCB',
  key: 'XML1.MA_LK',
  patient: 'XML1.MA_BN',
  citizen: 'XML1.SO_CCCD',
  cards: 'XML1.MA_THE_BHYT',
  name: 'XML1.HO_TEN',
  birth: 'XML1.NGAY_SINH',
  arrival: 'XML1.NGAY_VAO',
  leave: 'XML1.NGAY_RA',
  isOpen: 'XML1.NGAY_RA',
  type: 'XML1.MA_LOAI_KCB',
  objectCode: 'XML1.MA_DOITUONG_KCB',
  diagnosis: 'XML1.MA_BENH_CHINH',
  outcome: 'XML1.KET_QUA_DTRI',
  leaving: 'XML1.MA_LOAI_RV',
  cameFrom: 'XML1.MA_NOI_DI',
  wentTo: 'XML1.MA_NOI_DEN',
  followUps: 'XML1.NGAY_TAI_KHAM',
  exemptFrom: 'XML1.NGAY_MIEN_CCT',
  cost: 'XML1.T_TONGCHI_BV',
  insured: 'XML1.T_BHTT',
  copay: 'XML1.T_BNCCT',
  supplied: 'XML2.*',
  services: 'XML3.*',
  examined: 'XML3.*',
};
const LINES: ReadonlySet<PropertyKey> = new Set(['supplied', 'services', 'examined']);

function watchedNeighbours(neighbours: Neighbours, note: Note): Neighbours {
  const seen = new Map<Encounter, Encounter>();
  const watched = (one: Encounter, name: (field: keyof Encounter) => string | undefined): Encounter => {
    const known =
      seen.get(one) ??
      new Proxy(one, {
        get(target, field) {
          const place = name(field as keyof Encounter);
          if (place) note(place);
          return Reflect.get(target, field) as unknown;
        },
      });
    seen.set(one, known);
    return known;
  };
  const other = (one: Encounter) => watched(one, (field) => (LINES.has(field) ? 'person.lines' : undefined));
  return {
    ...neighbours,
    self: watched(neighbours.self, (field) => ORIGINS[field]),
    ofPerson: (by) => {
      note('person');
      for (const key of by) note(`XML1.${key}`);
      return neighbours.ofPerson(by).map(other);
    },
  };
}
