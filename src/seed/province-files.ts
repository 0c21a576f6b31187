import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import {
  type DepartmentLine,
  type DiagnosisLine,
  type FacilityLine,
  type ItemLine,
  type MachineLine,
  type PatientLine,
  PROVINCE_FILES,
  type PractitionerLine,
  type ProvinceFile,
  type ResultTemplateLine,
  type WardLine,
} from '../../schemas/catalogue-files/records.ts';
import { normalised } from '../platform/text.ts';

/** A province as its readable files say it; days are inclusive (`through`), exactly as written. */
export interface Province {
  readonly wards: readonly WardLine[];
  readonly facilities: readonly FacilityLine[];
  readonly departments: readonly DepartmentLine[];
  readonly practitioners: readonly PractitionerLine[];
  readonly machines: readonly MachineLine[];
  readonly diagnoses: readonly DiagnosisLine[];
  readonly drugs: readonly ItemLine[];
  readonly services: readonly ItemLine[];
  readonly supplies: readonly ItemLine[];
  readonly resultTemplates: readonly ResultTemplateLine[];
  readonly patients: readonly PatientLine[];
}

/** One thing that is wrong with a file: a message key of the group `demo`, with its values. */
export interface FileProblem {
  readonly message:
    | 'demo.file.missing'
    | 'demo.file.notJson'
    | 'demo.file.invalid'
    | 'demo.file.unknownReference'
    | 'demo.file.twice';
  readonly values: Readonly<Record<string, string | number>>;
}

const OPTIONAL: readonly ProvinceFile[] = ['machines', 'result-templates', 'patients'];

/** Reads and checks every file of a province. @returns all problems, file by file and line by line; none = usable */
export function readProvince(folder: URL): {
  readonly province: Province;
  readonly problems: readonly FileProblem[];
} {
  const problems: FileProblem[] = [];
  const read = <T>(file: ProvinceFile): T[] => {
    const url = new URL(`${file}.jsonl`, folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`));
    if (OPTIONAL.includes(file) && !existsSync(url)) return [];
    return readLines<T>(url, lineChecker(PROVINCE_FILES[file]), problems).map((line) => normalised(line));
  };
  const province: Province = {
    wards: read('wards'),
    facilities: read('facilities'),
    departments: read('departments'),
    practitioners: read('practitioners'),
    machines: read('machines'),
    diagnoses: read('diagnoses'),
    drugs: read('drugs'),
    services: read('services'),
    supplies: read('supplies'),
    resultTemplates: read('result-templates'),
    patients: read('patients'),
  };
  if (problems.length === 0) checkReferences(province, problems);
  return { province, problems };
}

/** Checks values against a schema of ours. */
export function lineChecker(schema: object): ValidateFunction {
  return formats.default(new Ajv({ allErrors: false, strict: false })).compile(schema);
}

/** The lines of one JSON Lines file that are as required; the others become problems. A value is never repeated. */
export function readLines<T>(file: URL, check: ValidateFunction, problems: FileProblem[]): T[] {
  const name = nameOf(file);
  if (!existsSync(file)) {
    problems.push({ message: 'demo.file.missing', values: { file: name } });
    return [];
  }
  const lines: T[] = [];
  for (const [index, text] of readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (text.trim() === '') continue;
    const at = { file: name, line: index + 1 };
    const value = parsed(text);
    if (value === undefined) problems.push({ message: 'demo.file.notJson', values: at });
    else if (check(value)) lines.push(value as T);
    else {
      const [error] = check.errors ?? [];
      const place = error?.instancePath || '/';
      problems.push({
        message: 'demo.file.invalid',
        values: { ...at, place, expected: `${error?.message ?? ''} ${JSON.stringify(error?.params ?? {})}` },
      });
    }
  }
  return lines;
}

export function nameOf(file: URL): string {
  return basename(fileURLToPath(file));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What no schema of one line can see: codes that name nothing, and lines that say the same thing twice. */
function checkReferences(province: Province, problems: FileProblem[]): void {
  const facilities = new Set(province.facilities.map((line) => line.code));
  const wards = new Set(province.wards.map((line) => line.code));
  const seen = new Set<string>();
  const once = (file: ProvinceFile, key: string) => {
    if (seen.has(`${file} ${key}`))
      problems.push({ message: 'demo.file.twice', values: { file: `${file}.jsonl`, key } });
    seen.add(`${file} ${key}`);
  };
  const known = (file: ProvinceFile, set: ReadonlySet<string>, code: string) => {
    if (!set.has(code))
      problems.push({ message: 'demo.file.unknownReference', values: { file: `${file}.jsonl`, code } });
  };
  for (const line of province.wards) once('wards', line.code);
  for (const line of province.diagnoses) once('diagnoses', line.code);
  for (const line of province.facilities) {
    once('facilities', line.code);
    known('facilities', wards, line.wardCode);
  }
  for (const file of ['departments', 'practitioners', 'machines'] as const)
    for (const line of province[file]) known(file, facilities, line.facilityCode);
  for (const line of province.departments)
    once('departments', `${line.facilityCode} ${line.code} ${line.from}`);
  for (const line of province.practitioners)
    once('practitioners', `${line.facilityCode} ${line.licenceNumber} ${line.from}`);
  const items = [...province.drugs, ...province.services, ...province.supplies];
  for (const line of items) once('services', `${line.itemCode} ${line.from}`);
  const itemCodes = new Set(items.map((line) => line.itemCode));
  for (const line of province.resultTemplates) known('result-templates', itemCodes, line.itemCode);
  for (const line of province.patients) known('patients', facilities, line.facilityCode);
}
