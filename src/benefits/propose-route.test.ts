import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '../platform/problem.ts';
import { chooseRoute, type Law, loadPolicy, objections, proposeRoute, type RouteFacts } from './index.ts';
import { createLaw } from './law.ts';
import { fits } from './route-facts.ts';

let own: Law;
let law: Law;
beforeAll(() => {
  own = loadPolicy();
});
// A law that has decided nothing yet: no test lives on what another has asked.
beforeEach(() => {
  law = createLaw(own.parameters, own.version);
});
const HERE = '40021';

/** Somebody with a card registered elsewhere, who comes to a district hospital of 45 points by himself. */
const facts = (
  more: Omit<Partial<RouteFacts>, 'facility'> & { facility?: Partial<RouteFacts['facility']> } = {},
): RouteFacts => ({
  date: '2026-08-10',
  care: 'outpatient',
  hasCard: true,
  registeredFacilityCode: '40101',
  areaCode: null,
  birthDate: '1990-02-01',
  transfer: null,
  appointment: null,
  hasChangedResidence: false,
  isEmergency: false,
  isOrganDonor: false,
  isNewborn: false,
  diseaseLists: [],
  pickUp: null,
  isWithdrawn: false,
  ...more,
  facility: { code: HERE, level: 'basic', points: 45, formerTier: null, initialKind: null, ...more.facility },
});
const initial = (initialKind: RouteFacts['facility']['initialKind']) => ({
  level: 'initial' as const,
  points: null,
  formerTier: 'commune' as const,
  initialKind,
});
const specialised = (formerTier: 'province' | 'central' | 'district' | null) => ({
  level: 'specialised' as const,
  points: 85,
  formerTier,
});

/** What is known → the code, and the other codes that fit. */
const PROPOSALS: readonly (readonly [string, Parameters<typeof facts>[0], string, string[]])[] = [
  ['registered here', { registeredFacilityCode: HERE }, '1.1', []],
  [
    'registered here, in an emergency: the table has 1.1 first',
    { registeredFacilityCode: HERE, isEmergency: true },
    '1.1',
    ['2'],
  ],
  [
    'registered here, with a transfer paper',
    { registeredFacilityCode: HERE, transfer: { number: '12' } },
    '1.1',
    ['1.3'],
  ],
  ['a commune station', { facility: initial('health-station') }, '1.2', []],
  [
    'a commune station where one is registered',
    { facility: initial('health-station'), registeredFacilityCode: HERE },
    '1.2',
    [],
  ],
  ['family medicine', { facility: initial('family-medicine') }, '1.2', []],
  ['military-civil station', { facility: initial('military-civil') }, '1.2', []],
  ['clinic-type centre', { facility: initial('clinic-centre') }, '1.2', []],
  ['agency clinic', { facility: initial('agency-clinic') }, '1.2', []],
  ['army or police, initial level', { facility: initial('army-police') }, '1.2', []],
  ['a polyclinic: not read so far', { facility: initial('polyclinic') }, '1.11', []],
  ['another initial facility', { facility: initial('other') }, '1.11', []],
  ['an initial facility of unknown kind', { facility: initial(null) }, '1.11', []],
  [
    'another initial facility, registered here',
    { facility: initial('other'), registeredFacilityCode: HERE },
    '1.1',
    [],
  ],
  [
    'an initial facility that was of the district',
    { facility: { ...initial('other'), formerTier: 'district' } },
    '1.11',
    [],
  ],
  // Which kind of the initial level it once was decides nothing at the basic level.
  ['a station that has become basic', { facility: { initialKind: 'health-station' } }, '1.12', []],
  ['a transfer paper', { transfer: { number: '12/GCT' } }, '1.3', []],
  ['moved house', { hasChangedResidence: true }, '1.4', []],
  ['an appointment', { appointment: { number: 'HS1' } }, '1.5', []],
  ['an organ donor', { isOrganDonor: true }, '1.6', []],
  ['a newborn on its first day', { isNewborn: true, birthDate: '2026-08-10' }, '1.7', []],
  ['a newborn of 28 days', { isNewborn: true, birthDate: '2026-07-13' }, '1.7', []],
  ['a newborn of unknown birth', { isNewborn: true, birthDate: null }, '1.7', []],
  ['an emergency', { isEmergency: true }, '2', []],
  ['an emergency with a paper', { isEmergency: true, transfer: { number: '1' } }, '1.3', ['2']],
  ['below 50 points', { facility: { points: 49 } }, '1.12', []],
  ['graded provisionally', { facility: { points: null } }, '1.12', []],
  ['50 points', { facility: { points: 50 } }, '1.13', []],
  ['69 points', { facility: { points: 69 } }, '1.13', []],
  ['formerly province', { facility: { points: 60, formerTier: 'province' } }, '1.13', ['1.14']],
  ['formerly central, below 50 points', { facility: { points: 45, formerTier: 'central' } }, '1.14', []],
  ['formerly district', { facility: { points: 45, formerTier: 'district' } }, '1.12', ['3.3']],
  ['in-patient at the basic level', { care: 'inpatient' }, '1.15', []],
  ['a disease of appendix II', { diseaseLists: ['II'], facility: { points: 60 } }, '1.16', []],
  ['a disease of appendix II, in-patient', { diseaseLists: ['II'], care: 'inpatient' }, '1.15', ['1.16']],
  [
    'a disease of appendix I at the basic level',
    { diseaseLists: ['I'], facility: { points: 60 } },
    '1.13',
    [],
  ],
  [
    'a disease of appendix I, specialised',
    { diseaseLists: ['I'], facility: specialised('central') },
    '1.17',
    [],
  ],
  [
    'appendix I, in-patient, formerly province',
    { diseaseLists: ['I'], care: 'inpatient', facility: specialised('province') },
    '1.17',
    [],
  ],
  ['specialised, formerly province', { facility: specialised('province') }, '1.18', []],
  [
    'specialised, formerly province, in-patient',
    { care: 'inpatient', facility: specialised('province') },
    '3.2',
    [],
  ],
  ['specialised, formerly central', { facility: specialised('central') }, '3.1', []],
  [
    'specialised, formerly central, in-patient',
    { care: 'inpatient', facility: specialised('central') },
    '3.1',
    [],
  ],
  ['specialised, formerly district', { facility: specialised('district') }, '3.3', []],
  [
    'from an island, in-patient, formerly central',
    { care: 'inpatient', areaCode: 'K3', facility: specialised('central') },
    '3.6',
    ['3.1'],
  ],
  ['from an island, out-patient', { areaCode: 'K3', facility: specialised('central') }, '3.1', []],
  ['drugs by appointment in an epidemic', { pickUp: 'appointment-in-epidemic' }, '7', []],
  ['drugs picked up by somebody else', { pickUp: 'by-somebody-else' }, '7.2', []],
  ['drugs picked up elsewhere', { pickUp: 'at-another-facility' }, '7.3', []],
  ['drugs sent', { pickUp: 'sent-to-patient' }, '7.4', []],
  ['drugs by appointment', { pickUp: 'appointment', registeredFacilityCode: HERE }, '10', []],
  ['withdrawn', { isWithdrawn: true, registeredFacilityCode: HERE }, '8', []],
  ['withdrawn without a card', { isWithdrawn: true, hasCard: false }, '8', []],
  ['no card', { hasCard: false, registeredFacilityCode: null }, '9', []],
];

const problemOf = (work: () => unknown): Problem => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
const refusal = (work: () => unknown) => {
  const { type, places } = problemOf(work);
  return [type, places.map(({ pointer, message }) => `${pointer} ${message.split('.').at(-1)}`)];
};

describe('the proposed object code', () => {
  test.each(PROPOSALS)('%s', (_name, more, code, alsoFit) => {
    const proposal = proposeRoute(facts(more), law);
    expect([proposal.routeCode, proposal.alsoFit, proposal.legacyRoute]).toEqual([code, alsoFit, null]);
    expect(proposal.because.rule).toBe(`ROUTE-${code}`);
    expect(proposal.because.facts?.factor?.kind).toBe('percent');
  });

  test('a polyclinic has the whole level where a province agreed so, and only a polyclinic', () => {
    const parameters = own.parameters.map((one) =>
      one.id === 'decision.polyclinic'
        ? { ...one, values: one.values.map((it) => ({ ...it, value: 'yes' })) }
        : one,
    );
    const agreed = createLaw(parameters, 'test');
    const code = (kind: RouteFacts['facility']['initialKind']) =>
      proposeRoute(facts({ facility: initial(kind) }), agreed).routeCode;
    expect([code('polyclinic'), code('other'), code(null), code('health-station')]).toEqual([
      '1.2',
      '1.11',
      '1.11',
      '1.2',
    ]);
  });

  /** What the facts say, whatever column the table has for the kind of care. */
  test.each<[string, Parameters<typeof facts>[0], string, boolean]>([
    ['in-patients, formerly province', { care: 'inpatient', facility: specialised('province') }, '3.2', true],
    ['out-patients, formerly province', { facility: specialised('province') }, '3.2', false],
    ['formerly central', { care: 'inpatient', facility: specialised('central') }, '3.2', false],
    ['basic, formerly province', { care: 'inpatient', facility: { formerTier: 'province' } }, '3.2', false],
    [
      'an island, in-patient',
      { care: 'inpatient', areaCode: 'K3', facility: specialised(null) },
      '3.6',
      true,
    ],
    ['an island, out-patient', { areaCode: 'K3', facility: specialised(null) }, '3.6', false],
    ['an island, basic level', { care: 'inpatient', areaCode: 'K3' }, '3.6', false],
    ['from no area', { care: 'inpatient', facility: specialised(null) }, '3.6', false],
    ['a code that is none', { care: 'inpatient', facility: specialised('province') }, '1.99', false],
  ])('%s: %j fits %s: %s', (_name, more, code, expected) => {
    expect(fits(code, facts(more), law)).toBe(expected);
  });

  test('every code of the table is proposed by some facts', () => {
    const proposed = new Set(PROPOSALS.map(([, , code]) => code));
    const order = law.trace('2026-08-10', 'TEST', 'order', (policy) => policy.codes('route.order')).value;
    expect(order).toHaveLength(27);
    expect(order.filter((code) => !proposed.has(code))).toEqual([]);
  });

  test('the reason says what the code leaves on that day', () => {
    const factorOn = (date: string) =>
      proposeRoute(facts({ date, facility: { points: 60 } }), law).because.facts?.factor?.value;
    expect([factorOn('2026-06-30'), factorOn('2026-07-01')]).toEqual(['0', '50']);
  });

  test.each([
    ['a transfer whose number is not known', { transfer: { number: null } }, ['/paperNumber paperNumber']],
    ['a transfer whose number is blank', { transfer: { number: ' ' } }, ['/paperNumber paperNumber']],
    ['an appointment without a number', { appointment: { number: null } }, ['/paperNumber paperNumber']],
    ['nothing that fits', { facility: specialised(null) }, ['/routeCode noRouteFits']],
    [
      'a recorded newborn of 29 days is self-referred',
      { isNewborn: true, birthDate: '2026-07-12', facility: specialised(null) },
      ['/routeCode noRouteFits'],
    ],
  ])('%s is refused', (_name, more, places) => {
    expect(refusal(() => proposeRoute(facts(more as object), law))).toEqual(['route-not-possible', places]);
  });

  test('a refusal names the code that all but fits, the kind of care and the day', () => {
    const values = (more: Parameters<typeof facts>[0]) =>
      problemOf(() => proposeRoute(facts(more), law)).values;
    expect(values({ transfer: { number: null } })).toEqual({
      route: '1.3',
      classCode: 'outpatient',
      date: '2026-08-10',
    });
    expect(values({ facility: specialised(null) })).toEqual({
      route: '-',
      classCode: 'outpatient',
      date: '2026-08-10',
    });
  });

  test('a newborn of 29 days comes like anybody else', () => {
    expect(proposeRoute(facts({ isNewborn: true, birthDate: '2026-07-12' }), law).routeCode).toBe('1.12');
  });
});

describe('another code, chosen', () => {
  test('with a reason, which is trimmed', () => {
    expect(chooseRoute('2', '  ngất ', facts(), law)).toMatchObject({
      routeCode: '2',
      reason: 'ngất',
      because: { rule: 'ROUTE-2', parameters: [{ id: 'route-factor.2/outpatient', value: '100' }] },
    });
  });

  test.each([
    ['without a reason', '2', ' ', {}, ['/routeReason routeReason']],
    ['the other column', '1.15', 'x', {}, ['/routeCode routeColumn']],
    ['the other column, in-patient', '1.12', 'x', { care: 'inpatient' }, ['/routeCode routeColumn']],
    ['no such code', '1.99', 'x', {}, ['/routeCode routeCode']],
    ['a transfer without paper', '1.3', 'x', {}, ['/paperNumber paperNumber']],
    [
      'an appointment with a transfer paper',
      '1.5',
      'x',
      { transfer: { number: '1' } },
      ['/paperNumber paperNumber'],
    ],
    ['no area of residence', '3.6', 'x', { care: 'inpatient' }, ['/coverages routeArea']],
    [
      'everything at once',
      '3.6',
      '',
      {},
      ['/routeCode routeColumn', '/coverages routeArea', '/routeReason routeReason'],
    ],
    ['before the codes', '1.1', 'x', { date: '2024-12-31' }, ['/routeCode routeCode']],
  ])('%s is refused', (_name, code, reason, more, places) => {
    expect(refusal(() => chooseRoute(code, reason, facts(more as object), law))).toEqual([
      'route-not-possible',
      places,
    ]);
  });

  test('a paper may still come', () => {
    expect(objections('1.3', facts(), law, false)).toEqual([]);
    expect(objections('1.5', facts({ appointment: { number: 'a' } }), law)).toEqual([]);
    expect(chooseRoute('1.3', 'giấy đến sau', facts(), law, false).routeCode).toBe('1.3');
  });
});

describe('before 2025', () => {
  const legacy = (more: Parameters<typeof facts>[0] = {}) => {
    const tier = { formerTier: 'province' as const, level: null, points: null };
    const { facility, ...rest } = more ?? {};
    return facts({ date: '2024-08-10', ...rest, facility: { ...tier, ...facility } });
  };
  test.each([
    ['registered here', { registeredFacilityCode: HERE }, 'right', 'legacy-route.right/outpatient', '100'],
    ['with a paper', { transfer: { number: '1' } }, 'right', 'legacy-route.right/outpatient', '100'],
    ['on an appointment', { appointment: { number: '1' } }, 'right', 'legacy-route.right/outpatient', '100'],
    ['in an emergency', { isEmergency: true }, 'emergency', 'legacy-route.emergency/outpatient', '100'],
    ['by himself', {}, 'wrong', 'legacy-route.wrong.province/outpatient', '0'],
    [
      'by himself, in-patient',
      { care: 'inpatient' },
      'wrong',
      'legacy-route.wrong.province/inpatient',
      '100',
    ],
    [
      'in-patient in 2020',
      { care: 'inpatient', date: '2020-12-31' },
      'wrong',
      'legacy-route.wrong.province/inpatient',
      '60',
    ],
    [
      'from an area, central',
      { care: 'inpatient', areaCode: 'K1', facility: { formerTier: 'central' } },
      'wrong',
      'legacy-route.wrong.area/inpatient',
      '100',
    ],
    [
      'central',
      { care: 'inpatient', facility: { formerTier: 'central' } },
      'wrong',
      'legacy-route.wrong.central/inpatient',
      '40',
    ],
    [
      'from an area, district',
      { areaCode: 'K1', facility: { formerTier: 'district' } },
      'wrong',
      'legacy-route.wrong.district/outpatient',
      '100',
    ],
    [
      'in the right way for another reason: moved house',
      { hasChangedResidence: true },
      'right',
      'legacy-route.right/outpatient',
      '100',
    ],
    ['an organ donor', { isOrganDonor: true }, 'right', 'legacy-route.right/outpatient', '100'],
    ['a newborn', { isNewborn: true }, 'right', 'legacy-route.right/outpatient', '100'],
    [
      'from an area, province, out-patient',
      { areaCode: 'K2' },
      'wrong',
      'legacy-route.wrong.area/outpatient',
      '0',
    ],
    [
      'a hospital that has its level and points already',
      { facility: { formerTier: 'district', level: 'basic', points: 45 } },
      'wrong',
      'legacy-route.wrong.district/outpatient',
      '100',
    ],
    [
      'a polyclinic',
      { facility: { formerTier: 'commune', level: 'initial', initialKind: 'polyclinic' } },
      'wrong',
      'legacy-route.wrong.commune/outpatient',
      '100',
    ],
  ])('%s', (_name, more, way, id, factor) => {
    const proposal = proposeRoute(legacy(more as object), law);
    expect([proposal.routeCode, proposal.legacyRoute]).toEqual([null, way]);
    expect(proposal.because).toMatchObject({ rule: 'ROUTE-LEGACY', parameters: [{ id, value: factor }] });
    expect(proposal.because.facts).toEqual({ factor: { kind: 'percent', value: factor } });
    expect(proposal.alsoFit).toEqual([]);
  });

  test('nothing is guessed without the tier', () => {
    const work = () => proposeRoute(legacy({ facility: { formerTier: null } }), law);
    expect(refusal(work)).toEqual(['route-not-possible', ['/facility/formerTier formerTier']]);
    expect(problemOf(work).values).toEqual({ route: 'wrong', classCode: 'outpatient', date: '2024-08-10' });
  });
});
