import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type CatalogueName, type CatalogueRow, type Catalogues, catalogueOf } from './catalogues.ts';

type FileRow = Readonly<Record<string, CatalogueRow[string] | null>>;

/** The keys of a catalogue file: which catalogue each is, and the column of its code. */
const KEYS = {
  facilities: ['facility_catalogue', 'code'],
  wards: ['admin_units', 'ward'],
  staff: ['staff_catalogue', 'MA_BHXH_CCHN'],
  drugs: ['drug_catalogue', 'MA_THUOC'],
  services: ['service_catalogue', 'MA_DICH_VU'],
  supplies: ['supply_catalogue', 'MA_VAT_TU'],
} as const satisfies Record<string, readonly [CatalogueName, string]>;

type CatalogueFile = { readonly [key in keyof typeof KEYS]?: readonly FileRow[] } & {
  readonly icd_primary_forbidden?: readonly string[];
};

/** A catalogue file that cannot be used: where, and what is wrong, in the words of the schema. */
export class CatalogueFileError extends Error {
  readonly path: string;
  readonly said: string;

  constructor(path: string, said: string, options?: ErrorOptions) {
    super(`catalogue file: ${path} ${said}`, options);
    this.name = 'CatalogueFileError';
    this.path = path;
    this.said = said;
  }
}

const schemaFile = new URL('../../schemas/assessment/check-catalogues.schema.json', import.meta.url);
let known: ValidateFunction<CatalogueFile> | undefined;

function validator(): ValidateFunction<CatalogueFile> {
  known ??= new Ajv2020({ allowUnionTypes: true, strictTypes: false }).compile<CatalogueFile>(
    JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
  );
  return known;
}

/**
 * The catalogues of a file, checked against its schema. A key without rows is a missing catalogue.
 * @returns the catalogues, and keys of the file that nobody reads
 * @throws CatalogueFileError
 */
export function readCatalogueFile(json: string): {
  readonly catalogues: Catalogues;
  readonly unread: readonly string[];
} {
  const file = parsed(json);
  const catalogues: Partial<Record<CatalogueName, ReturnType<typeof catalogueOf>>> = {};
  for (const [key, [name, code]] of Object.entries(KEYS)) {
    const rows = (file[key as keyof typeof KEYS] ?? []).map(withoutNulls);
    catalogues[name] = catalogueOf(rows, code);
    // What a service needs a machine for is known where its flag is.
    if (name === 'service_catalogue')
      catalogues.machine_service_catalogue = catalogueOf(
        rows.filter(({ machine }) => typeof machine === 'boolean'),
        code,
      );
  }
  const forbidden = (file.icd_primary_forbidden ?? []).map((one) => ({ code: one }));
  catalogues.icd_primary_forbidden = catalogueOf(forbidden, 'code');
  return {
    catalogues: Object.fromEntries(Object.entries(catalogues).filter(([, one]) => one !== undefined)),
    unread: Object.keys(file).filter((key) => !(key in KEYS) && key !== 'icd_primary_forbidden'),
  };
}

function parsed(json: string): CatalogueFile {
  let file: unknown;
  try {
    file = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new CatalogueFileError('/', (cause as Error).message, { cause });
  }
  const validate = validator();
  if (validate(file)) return file;
  const [fault] = validate.errors ?? [];
  throw new CatalogueFileError(fault?.instancePath || '/', fault?.message ?? '');
}

const withoutNulls = (row: FileRow): CatalogueRow =>
  Object.fromEntries(
    Object.entries(row).filter((entry): entry is [string, CatalogueRow[string]] => entry[1] !== null),
  );
