import type { Catalogue, CatalogueItem } from '../catalogues/index.ts';
import type { ClaimRow } from '../claims/index.ts';
import type { Directory, Equipment, Facility } from '../facilities/index.ts';
import { addDays, contains, type LocalDate } from '../platform/dates.ts';
import { element, fieldsXml, formXml } from './forms.ts';

/** Forms 01–06/DM, in their order. */
export const CATALOGUE_FORMS = [
  'departments',
  'staff',
  'drugs',
  'supplies',
  'services',
  'equipment',
] as const;
export type CatalogueForm = (typeof CATALOGUE_FORMS)[number];

/** Tags of list and row. @source Circular 12/2026/TT-BTC; the XSD was not seen */
const TAGS: Readonly<Record<CatalogueForm, readonly [list: string, row: string]>> = {
  departments: ['DANHSACH_DMBOPHANCHUYENMON', 'DMBOPHANCHUYENMON'],
  staff: ['DANHSACH_DMNHANLUCKBCB', 'DMNHANLUCKBCB'],
  drugs: ['DANHSACH_DMTHUOCMAUCHEPHAMMAU', 'DMTHUOCMAUCHEPHAMMAU'],
  supplies: ['DSACH_TBYT', 'DM_TBYT'],
  services: ['DANHSACH_DMDICHVUKBCB', 'DMDICHVUKBCB'],
  equipment: ['DSACH_TBYTTHDV', 'DM_TBYTTHDV'],
};

const KINDS: Readonly<Record<'drugs' | 'supplies' | 'services', ReadonlySet<CatalogueItem['kind']>>> = {
  drugs: new Set(['drug', 'blood']),
  supplies: new Set(['supply']),
  services: new Set(['exam', 'service', 'surgery', 'bed', 'transport']),
};

/** A row as the facility works with it now. `content` is without its days. */
export interface CatalogueRow {
  readonly key: string;
  readonly content: ClaimRow;
  readonly from: LocalDate;
}

/** A row as it is handed in. */
export interface CatalogueChange {
  readonly key: string;
  /** The end of a row that was handed in before. */
  readonly isClosing: boolean;
  readonly content: ClaimRow;
}

/** Where rows come from. */
export interface Known {
  readonly directory: Directory;
  readonly catalogue: Catalogue;
  /** Of the facility. */
  readonly equipment: readonly Equipment[];
}

/** Rows in force on a day, by key. */
export function rowsInForce(
  form: CatalogueForm,
  facility: Facility,
  { directory, catalogue, equipment }: Known,
  day: LocalDate,
): CatalogueRow[] {
  if (form === 'departments')
    return facility.departments
      .filter((one) => contains(one, day))
      .map(({ code, name, from }) => ({ key: code, content: { MA_KHOA: code, TEN_KHOA: name }, from }));
  if (form === 'staff')
    return facility.practitioners
      .filter((one) => contains(one, day))
      .map(({ licenceNumber, name, title, from }) => ({
        key: licenceNumber,
        content: { MACCHN: licenceNumber, HO_TEN: name, CHUCDANH_NN: title },
        from,
      }));
  if (form === 'equipment')
    return equipment
      .filter((one) => contains(one, day))
      .map(({ code, name, groupCode, from }) => ({
        key: code,
        content: { MA_MAY: code, TEN_TB: name, MA_NHOM: groupCode },
        from,
      }));
  const lists = [facility.code, directory.profileOn(facility.id, day)?.priceList ?? ''];
  return catalogue.items
    .filter((item) => KINDS[form].has(item.kind) && contains(item, day))
    .flatMap((item) => {
      const price = catalogue.find(item.itemCode, lists, day)?.price;
      return price === undefined ? [] : [itemRow(item, price)];
    });
}

type Item = Catalogue['items'][number];
function itemRow(item: Item, price: Item['prices'][number]): CatalogueRow {
  const from = price.from > item.from ? price.from : item.from;
  const content = {
    MA: item.officialCode,
    MA_NOI_BO: item.itemCode,
    TEN: item.name,
    DON_VI_TINH: item.unit,
    MA_NHOM: item.costGroupCode,
    PHAM_VI: item.scopeCode,
    TYLE_TT: item.catalogueRate,
    DON_GIA: price.unitPrice,
    DON_GIA_BH: price.insuredUnitPrice,
  };
  return { key: item.itemCode, content, from };
}

/**
 * What is to be handed in: new rows, for changed ones the old row with its last day and the new one from today, and the
 * last day of those that are gone.
 * @param sent the newest row of each key that was handed in and not refused; closed ones are left out
 */
export function changesOf(
  now: readonly CatalogueRow[],
  sent: ReadonlyMap<string, ClaimRow>,
  today: LocalDate,
): CatalogueChange[] {
  const opened = (row: CatalogueRow, from: LocalDate): CatalogueChange => ({
    key: row.key,
    isClosing: false,
    content: { ...row.content, TU_NGAY: day8(from), DEN_NGAY: '' },
  });
  const closed = (key: string, content: ClaimRow): CatalogueChange => ({
    key,
    isClosing: true,
    content: { ...content, DEN_NGAY: day8(addDays(today, -1)) },
  });
  const keys = new Set(now.map((row) => row.key));
  const gone = [...sent].filter(([key]) => !keys.has(key)).map(([key, content]) => closed(key, content));
  return [
    ...gone,
    ...now.flatMap((row) => {
      const before = sent.get(row.key);
      if (before === undefined) return [opened(row, row.from)];
      return sameRow(row.content, before) ? [] : [closed(row.key, before), opened(row, today)];
    }),
  ];
}

const day8 = (day: LocalDate): string => day.replaceAll('-', '');
const sameRow = (content: ClaimRow, sent: ClaimRow): boolean =>
  Object.entries(content).every(([name, value]) => sent[name] === value);

/** The file of one form: empty tags stay. */
export function catalogueXml(form: CatalogueForm, changes: readonly CatalogueChange[], id: string): Buffer {
  const [list, row] = TAGS[form];
  const rows = changes.map(({ content }) => element(row, fieldsXml(content)));
  return formXml('HSDANHMUC', list, id, rows.join(''));
}
