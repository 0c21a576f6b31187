import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { addDays, isLocalDate, isWeekend, type LocalDate } from './dates.ts';

/** Days on which the country works. Beyond the days it speaks of, weekends alone are free. */
export interface WorkingDays {
  /** Days for which the calendar speaks: `[from, to)`. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  isWorking(day: LocalDate): boolean;
  /** The day itself, or the first working day after it. */
  onOrAfter(day: LocalDate): LocalDate;
  /** The working day so many after that one, which itself is not counted. */
  plus(day: LocalDate, days: number): LocalDate;
}

interface NamedDay {
  readonly day: LocalDate;
  readonly name: string;
  readonly evidence: 'A' | 'B' | 'C' | 'D';
}

export interface WorkingDaysFile {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly holidays: readonly NamedDay[];
  readonly workingWeekends: readonly NamedDay[];
}

const FOLDER = new URL('../../schemas/calendar/', import.meta.url);
const json = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as object;

/** The calendar of the project's own file, or of another one. @throws Error naming what is wrong with it */
export function loadWorkingDays(file: unknown = json('working-days.json')): WorkingDays {
  return workingDays(checked(file));
}

export function workingDays({ from, to, holidays, workingWeekends }: WorkingDaysFile): WorkingDays {
  const free = new Set(holidays.map(({ day }) => day));
  const busy = new Set(workingWeekends.map(({ day }) => day));
  const isWorking = (day: LocalDate) => busy.has(day) || (!isWeekend(day) && !free.has(day));
  const onOrAfter = (day: LocalDate): LocalDate => (isWorking(day) ? day : onOrAfter(addDays(day, 1)));
  const plus = (day: LocalDate, days: number): LocalDate =>
    days <= 0 ? day : plus(onOrAfter(addDays(day, 1)), days - 1);
  return { from, to, isWorking, onOrAfter, plus };
}

function checked(file: unknown): WorkingDaysFile {
  const ajv = new Ajv2020();
  const validate = ajv.compile<WorkingDaysFile>(json('working-days.schema.json'));
  if (!validate(file)) throw new Error(`working days: ${ajv.errorsText(validate.errors)}`);
  const { from, to, holidays, workingWeekends } = file;
  const days = [...holidays, ...workingWeekends].map(({ day }) => day);
  const wrong = [
    ...[from, to, ...days].filter((day) => !isLocalDate(day)),
    ...days.filter((day) => day < from || day >= to),
    ...days.filter((day, index) => days.indexOf(day) !== index),
    // A free weekend needs no line, and a working day none among the weekends: both are slips.
    ...holidays.map(({ day }) => day).filter(isWeekend),
    ...workingWeekends.map(({ day }) => day).filter((day) => !isWeekend(day)),
  ];
  if (wrong.length > 0) throw new Error(`working days: ${wrong.join(', ')}`);
  return file;
}
