import { explainObstacle } from '../claims/index.ts';
import type { RunFacility, RunFigures, RunReport } from '../exports/index.ts';
import { type Language, type MessageValues, text } from '../messages/index.ts';

export const say = (language: Language, key: string, values?: MessageValues): string =>
  text(language, `run-report.${key}`, values);

/** Columns of figures, of a facility and in total, in the order in which work goes on. */
export const FIGURES = [
  'found',
  'built',
  'setAside',
  'signed',
  'sent',
  'received',
  'refused',
  'unknown',
  'stopped',
  'waiting',
  'gone',
  'insurerPays',
  'insurerPaysReceived',
] as const satisfies readonly (keyof RunFigures)[];

export const isMoney = (name: keyof RunFigures): name is 'insurerPays' | 'insurerPaysReceived' =>
  name === 'insurerPays' || name === 'insurerPaysReceived';

/** Facilities with something to show: of most of a province's, a run has nothing. */
export const shownFacilities = ({ facilities }: RunReport): readonly RunFacility[] =>
  facilities.filter((one) => one.found > 0 || one.built > 0 || one.setAside > 0);

/** Visits that could not be made into claims, with the reason in words. */
export const obstacleRows = ({ obstacles }: RunReport, language: Language) =>
  obstacles.map(({ facilityCode, claimKey, place, reason, details, at }) => ({
    facilityCode,
    claimKey,
    place: place ?? '',
    why: explainObstacle(language, reason, details),
    at,
  }));

/** Claims that are not received, with state, cause and the gateway's code. */
export const openRows = ({ open }: RunReport, language: Language) =>
  open.map(({ facilityCode, claimKey, number, state, cause, resultCode, insurerPays }) => ({
    facilityCode,
    claimKey,
    number,
    state: say(language, `state.${state}`),
    cause,
    resultCode: resultCode ?? '',
    insurerPays,
  }));
