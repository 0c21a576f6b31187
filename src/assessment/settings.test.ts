import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnyRule } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';
import {
  EFFECTS,
  effectiveRules,
  nextChange,
  type RuleSetting,
  type Standing,
  settingOn,
  standingOn,
  strongestFor,
} from './settings.ts';

const HERE = 'here';
const rule = (more: object = {}): AnyRule =>
  ({
    id: 'A',
    severity: 'error',
    stage: 'order',
    params: { tol: '1', groups: ['1'] },
    check: () => [],
    ...more,
  }) as unknown as AnyRule;
const set = (more: Partial<RuleSetting> = {}): RuleSetting => ({
  facilityId: null,
  rule: 'A',
  number: 1,
  validFrom: '2026-01-01',
  validTo: null,
  isEnabled: null,
  effect: null,
  params: {},
  exempt: {},
  ...more,
});
const here = (more: Partial<RuleSetting> = {}) => set({ facilityId: HERE, ...more });
const on = (settings: readonly RuleSetting[], day = '2026-11-20', one = rule(), facilityId = HERE) =>
  standingOn(one, settings, facilityId, day);
const USUAL: Standing = {
  isEnabled: true,
  effect: 'block',
  params: { tol: '1', groups: ['1'] },
  exempt: {},
};

describe('three levels', () => {
  test('nothing set: as the program has it', () => {
    expect(on([])).toEqual(USUAL);
    expect(on([], '2026-11-20', rule({ severity: 'warning', isOffByDefault: true }))).toMatchObject({
      isEnabled: false,
      effect: 'warn',
    });
  });

  test('the facility lies on top of the province, parameter by parameter', () => {
    const settings = [set({ effect: 'warn', params: { tol: '2' } }), here({ params: { groups: [] } })];
    expect(on(settings)).toEqual({ ...USUAL, effect: 'warn', params: { tol: '2', groups: [] } });
    expect(on(settings, '2026-11-20', rule(), 'elsewhere')).toMatchObject({ params: { groups: ['1'] } });
  });

  test('exemptions of both levels add up', () => {
    const settings = [
      set({ exempt: { codes: ['40.17'], departments: ['K01'] } }),
      here({ exempt: { codes: ['40.17', '05V'] } }),
    ];
    expect(on(settings).exempt).toEqual({ codes: ['40.17', '05V'], departments: ['K01'] });
  });

  test('a facility lowers: it never raises above what the province allows, now or later', () => {
    expect(on([set({ effect: 'warn' }), here({ effect: 'block' })]).effect).toBe('warn');
    expect(on([here({ effect: 'count' })]).effect).toBe('count');
    expect(on([set({ effect: 'warn' }), here({ effect: 'count' })]).effect).toBe('count');
  });

  test('the province raises a warning to one that blocks', () => {
    const warning = rule({ severity: 'warning' });
    expect(on([set({ effect: 'block' })], '2026-11-20', warning).effect).toBe('block');
    expect(on([here({ effect: 'block' })], '2026-11-20', warning).effect).toBe('warn');
  });

  test('what was off and is switched on by a facility warns at most', () => {
    expect(on([set({ isEnabled: false }), here({ isEnabled: true })])).toMatchObject({
      isEnabled: true,
      effect: 'warn',
    });
    expect(strongestFor({ ...USUAL, isEnabled: false, effect: 'count' })).toBe('count');
  });
});

describe('by the day of the claim', () => {
  const settings = [
    set({ number: 1, validFrom: '2026-03-01', effect: 'warn' }),
    set({ number: 2, validFrom: '2026-05-01', validTo: '2026-06-01', effect: 'count' }),
    set({ number: 3, validFrom: '2026-09-01' }),
  ];
  test.each([
    ['2026-02-28', 'block'],
    ['2026-03-01', 'warn'],
    ['2026-04-30', 'warn'],
    ['2026-05-01', 'count'],
    ['2026-05-31', 'count'],
    ['2026-06-01', 'warn'],
    ['2026-08-31', 'warn'],
    // A version that says nothing takes back what was set for its days.
    ['2026-09-01', 'block'],
  ])('on %s it is to %s', (day, effect) => expect(on(settings, day).effect).toBe(effect));

  test('of those for a day the highest number holds, however they are given', () => {
    expect(settingOn(settings.toReversed(), null, 'A', '2026-05-10')?.number).toBe(2);
    expect(settingOn(settings, HERE, 'A', '2026-05-10')).toBeUndefined();
  });

  test('knows the day on which it changes next', () => {
    expect(nextChange(settings, null, 'A', '2026-04-01')).toBe('2026-05-01');
    expect(nextChange(settings, null, 'A', '2026-05-10')).toBe('2026-06-01');
    expect(nextChange(settings, null, 'A', '2026-09-01')).toBeNull();
    expect(nextChange([], null, 'A', '2026-09-01')).toBeNull();
  });
});

describe('the rules as they are asked', () => {
  const family = [
    rule({ id: 'STR_XML1_PRESENT' }),
    rule({ id: 'A' }),
    rule({ id: 'B', parents: ['A'] }),
    rule({ id: 'C', isOffByDefault: true }),
  ];
  const ids = (settings: readonly RuleSetting[]) =>
    effectiveRules(settings, HERE, '2026-11-20', family).map(
      ({ rule: one, isSilent }) => `${one.id}${isSilent ? ' silent' : ''}`,
    );

  test('a rule that is off is asked silently while one below it is on', () => {
    expect(ids([])).toEqual(['STR_XML1_PRESENT', 'A', 'B']);
    expect(ids([set({ isEnabled: false })])).toEqual(['STR_XML1_PRESENT', 'A silent', 'B']);
    expect(ids([set({ isEnabled: false }), set({ rule: 'B', isEnabled: false })])).toEqual([
      'STR_XML1_PRESENT',
    ]);
    expect(ids([here({ rule: 'C', isEnabled: true })])).toEqual(['STR_XML1_PRESENT', 'A', 'B', 'C']);
  });

  test('all of them, in their order, with nothing set', () => {
    const usual = effectiveRules([], HERE, '2026-11-20', ALL_RULES);
    expect(usual.filter(({ isSilent }) => !isSilent).map(({ rule: one }) => one.id)).toEqual(
      ALL_RULES.filter((one) => !one.isOffByDefault).map((one) => one.id),
    );
  });
});

const anySetting = fc.record({
  facilityId: fc.constantFrom(null, HERE, 'elsewhere'),
  rule: fc.constantFrom('A', 'B'),
  number: fc.integer({ min: 1, max: 50 }),
  validFrom: fc.constantFrom('2026-01-01', '2026-06-01', '2026-11-01'),
  validTo: fc
    .constantFrom(null, '2026-07-01', '2026-12-01')
    .filter((day) => day === null || day > '2026-11-01'),
  isEnabled: fc.constantFrom(null, true, false),
  effect: fc.constantFrom(null, ...EFFECTS),
  params: fc.constantFrom({}, { tol: '5' }),
  exempt: fc.constantFrom({}, { codes: ['X'] }),
});

describe('whatever is set', () => {
  test('every rule that is asked has those above it beside it, and what is off stays silent', () => {
    fc.assert(
      fc.property(fc.subarray([...ALL_RULES]), (off) => {
        const settings = off.map(({ id }) => here({ rule: id, isEnabled: false }));
        const effective = effectiveRules(settings, HERE, '2026-11-20', ALL_RULES);
        const asked = new Set(effective.map((one) => one.rule.id));
        expect(effective.flatMap((one) => one.rule.parents ?? []).filter((id) => !asked.has(id))).toEqual([]);
        const silenced = new Set(off.map(({ id }) => id));
        expect(effective.filter((one) => !one.isSilent && silenced.has(one.rule.id))).toEqual([]);
      }),
    );
  });

  test('a facility is never stricter than the province', () => {
    fc.assert(
      fc.property(fc.array(anySetting, { maxLength: 8 }), (settings) => {
        const [own, province] = [on(settings), standingOn(rule(), settings, null, '2026-11-20')];
        if (own.isEnabled)
          expect(EFFECTS.indexOf(own.effect)).toBeGreaterThanOrEqual(EFFECTS.indexOf(province.effect));
      }),
    );
  });

  test('what is set elsewhere, for another rule or for later changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anySetting, { maxLength: 8 }), (settings) => {
        const ours = settings.filter(
          (one) => one.facilityId !== 'elsewhere' && one.rule === 'A' && one.validFrom <= '2026-08-01',
        );
        expect(on(settings, '2026-08-01')).toEqual(on(ours, '2026-08-01'));
      }),
    );
  });

  test('a later version for later days leaves the judgement of earlier days as it was', () => {
    fc.assert(
      fc.property(fc.array(anySetting, { maxLength: 8 }), anySetting, (settings, more) => {
        const later = { ...more, number: 99, validFrom: '2026-11-01', validTo: null };
        expect(on([...settings, later], '2026-10-31')).toEqual(on(settings, '2026-10-31'));
      }),
    );
  });
});
