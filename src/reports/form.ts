import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AmountName } from '../billing/index.ts';

/** How well an entry of the form was checked, scale of benefits.md; a person holding the form corrects and raises it. */
interface Evidence {
  readonly grade: 'A' | 'B' | 'C' | 'D';
  readonly source: string;
}
interface CostGroups extends Evidence {
  readonly id: string;
  readonly title: string;
  /** Official cost groups 1…19. */
  readonly costGroups: readonly string[];
  /** Only supplies of a package, or only others; absent: both. */
  readonly packaged?: boolean;
}
interface DividedGroup extends Evidence {
  readonly id: string;
  readonly title: string;
  readonly parts: readonly CostGroups[];
}
/** `takesTheRest`: what no other group names is printed here, so that no line is ever left out. */
export type FormGroup = (CostGroups & { readonly takesTheRest?: true }) | DividedGroup;

export type ColumnKey =
  | AmountName
  | 'name'
  | 'unit'
  | 'quantity'
  | 'unitPrice'
  | 'insuredUnitPrice'
  | 'serviceRate'
  | 'scopeRate';

interface Labelled extends Evidence {
  readonly label: string;
}

/** Layout of the statement: data, because the official text is not at hand (docs/decisions/0016). */
export interface StatementForm {
  readonly id: string;
  readonly title: string;
  readonly draftMark: string;
  readonly oldVersionMark: string;
  readonly page: { readonly size: 'A4'; readonly orientation: 'landscape' | 'portrait' };
  readonly showEmptyGroups: boolean;
  readonly header: {
    readonly ministry: Labelled;
    readonly formName: Labelled;
    /** Ours: which settlement, by which law. */
    readonly settlement: Labelled;
    readonly fields: readonly (Labelled & { readonly key: string; readonly width: number })[];
  };
  readonly groups: readonly FormGroup[];
  readonly columns: readonly (Labelled & { readonly key: ColumnKey; readonly weight: number })[];
  readonly split: Evidence &
    Readonly<
      Record<
        | 'cardLabel'
        | 'validLabel'
        | 'fromLabel'
        | 'throughLabel'
        | 'rateLabel'
        | 'noCard'
        | 'subtotal'
        | 'openEnded',
        string
      >
    >;
  readonly totals: Labelled;
  readonly summary: readonly (Labelled & {
    readonly key: AmountName | 'patientPays';
    readonly inWords: boolean;
    readonly indent: number;
  })[];
  readonly inWordsLabel: string;
  readonly currency: string;
  readonly signatures: readonly (Evidence & { readonly title: string; readonly note: string })[];
  readonly signedOn: string;
  readonly pageNumber: string;
  readonly codes: Readonly<Record<'sex' | 'class' | 'discharge', Readonly<Record<string, string>>>>;
}

/** A form file that must not be printed from: the program does not start. */
export class FormFileError extends Error {
  constructor(fault: string) {
    super(`form file statement-01kbcb.json: ${fault}`);
    this.name = 'FormFileError';
  }
}

const formFile = new URL('./forms/statement-01kbcb.json', import.meta.url);
const schemaFile = new URL('../../schemas/reports/statement-form.schema.json', import.meta.url);
const COST_GROUPS = Array.from({ length: 19 }, (_, index) => String(index + 1));

/** Reads and checks the form of the statement once. @throws FormFileError */
export function loadStatementForm(): StatementForm {
  return checkStatementForm(JSON.parse(readFileSync(formFile, 'utf8')));
}

/** @throws FormFileError for what the schema refuses, and for cost groups that have no place or two */
export function checkStatementForm(form: unknown): StatementForm {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as object;
  const validate = new Ajv2020({ allErrors: false }).compile<StatementForm>(schema);
  if (!validate(form)) {
    const [error] = validate.errors ?? [];
    throw new FormFileError(`${error?.instancePath || 'file'} ${error?.message ?? 'does not fit'}`);
  }
  const rest = form.groups.filter((group) => 'takesTheRest' in group);
  if (rest.length !== 1) throw new FormFileError('exactly one group takes the rest');
  const places = form.groups.flatMap(partsOf);
  for (const code of COST_GROUPS)
    for (const packaged of [true, false]) {
      const found = places.filter((place) => holds(place, code, packaged));
      if (found.length !== 1)
        throw new FormFileError(`cost group ${code} stands in ${found.length} places, not in one`);
    }
  unique(
    form.columns.map((column) => column.key),
    'column',
  );
  unique(
    form.groups.map((group) => group.id),
    'group',
  );
  unique(
    form.header.fields.map((field) => field.key),
    'field',
  );
  return form;
}

function unique(keys: readonly string[], what: string): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new FormFileError(`${what} ${twice} stands twice`);
}

/** The places of a group: its parts, or itself. */
export function partsOf(group: FormGroup): readonly CostGroups[] {
  return 'parts' in group ? group.parts : [group];
}

export function holds(place: CostGroups, costGroupCode: string, isPackaged: boolean): boolean {
  const { costGroups, packaged } = place;
  return costGroups.includes(costGroupCode) && (packaged === undefined || packaged === isPackaged);
}
