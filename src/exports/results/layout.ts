import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

export type ResultColumn =
  | 'transactionId'
  | 'claimKey'
  | 'facilityCode'
  | 'status'
  | 'payment'
  | 'amount'
  | 'sentAt'
  | 'code'
  | 'text';
/** How the portal judges a record. */
export type PortalStatus = 'good' | 'faulty' | 'rejected' | 'replaced';
/** How far the money is. */
export type PortalPayment = 'none' | 'requested' | 'paid';

/** Which words of the portal's export mean what. */
export interface ResultLayout {
  column(heading: string): ResultColumn | undefined;
  status(word: string): PortalStatus | undefined;
  payment(word: string): PortalPayment | undefined;
}

interface LayoutFile {
  readonly columns: Readonly<Record<ResultColumn, readonly string[]>>;
  readonly statuses: Readonly<Record<PortalStatus, readonly string[]>>;
  readonly payments: Readonly<Record<PortalPayment, readonly string[]>>;
}

const FOLDER = new URL('../../../schemas/results/', import.meta.url);
const json = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as object;

/** The layout of the project's own file, or of another one. @throws Error naming what is wrong with it */
export function loadLayout(file: unknown = json('portal-export.json')): ResultLayout {
  const ajv = new Ajv2020();
  const validate = ajv.compile<LayoutFile>(json('portal-export.schema.json'));
  if (!validate(file)) throw new Error(`portal export: ${ajv.errorsText(validate.errors)}`);
  const [columns, statuses, payments] = [
    meanings(file.columns),
    meanings(file.statuses),
    meanings(file.payments),
  ];
  return {
    column: (heading) => columns.get(plain(heading)),
    status: (word) => statuses.get(plain(word)),
    payment: (word) => payments.get(plain(word)),
  };
}

/** Letters and digits alone: `Mã  liên-kết`, `MA_LK` and `Ma LK` are told apart by nothing that matters. */
export const plain = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^a-z0-9]/g, '');

function meanings<Name extends string>(spelt: Readonly<Record<Name, readonly string[]>>): Map<string, Name> {
  const found = new Map<string, Name>();
  for (const [name, words] of Object.entries(spelt) as [Name, readonly string[]][])
    for (const word of words) {
      const other = found.get(plain(word));
      if (other !== undefined && other !== name)
        throw new Error(`portal export: ${word} is both ${other} and ${name}`);
      found.set(plain(word), name);
    }
  return found;
}
