import { decimal } from '../../../platform/money.ts';
import {
  type AnyRule,
  eachFilled,
  eachRow,
  inRow,
  lineDay,
  list,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { hasNoRateLimits } from './condition.ts';

// Catalogue herb_catalogue: code (of a processing method). Catalogue contract_table: supplier (code, a facility), from, to.

const FULL = decimal('100');
const HERB = '05V';
const PICK_UP = ['7', '7.2', '7.3', '7.4', '10'];
const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');

/** What a drug is by code and group, and where it came from. */
export const source: readonly AnyRule[] = [
  rule({
    id: 'DRG_CODE_SHAPE',
    severity: 'warning',
    stage: 'order',
    isOffByDefault: true,
    params: {
      patterns: [
        '^\\d{1,2}\\.\\d{1,4}(\\.\\d+)*(\\+\\d{1,2}\\.\\d{1,4}(\\.\\d+)*)*$',
        '^05[A-Z].+',
        '^M\\d+',
        '^HD.+',
        '^VM\\.\\w{5}$',
        '^BB\\.\\w{5}$',
        '^00\\.0000.*',
        '^N07\\..+',
      ],
    },
    check: ({ xml2 }, { patterns }) => {
      const known = patterns.map((pattern) => new RegExp(pattern));
      return eachFilled(xml2, ['MA_THUOC'], (text) => known.some((one) => one.test(text)));
    },
  }),
  rule({
    id: 'DRG_GROUP_SCOPE',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim) => {
      const isFree = hasNoRateLimits(claim);
      const holds = ({ values }: PlacedRow): boolean => {
        const scope = value(values, 'PHAM_VI');
        const group = value(values, 'MA_NHOM');
        if (group === '6') return isFree || number(values, 'TYLE_TT_BH')?.lt(FULL) !== false;
        return scope === '' || (group === '5' ? ['2', '3'].includes(scope) : scope === '1');
      };
      return eachRow(
        claim.xml2.filter((row) => ['4', '5', '6'].includes(groupOf(row))),
        'MA_NHOM',
        (_, row) => holds(row),
        (_, row) => ({ group: groupOf(row) }),
      );
    },
  }),
  rule({
    id: 'DRG_SERVICE_LINK',
    severity: 'warning',
    stage: 'settlement',
    params: {},
    check: ({ xml2, xml3 }) => {
      const services = new Set(xml3.map(({ values }) => value(values, 'MA_DICH_VU')));
      return eachFilled(
        xml2,
        ['MA_DICH_VU'],
        (code) => services.has(code),
        (code) => ({ code }),
      );
    },
  }),
  // C received from, K sent out, M blood supplier, H remote support (HC in 4750).
  rule({
    id: 'DRG_OTHER_FACILITY_STOCK',
    severity: 'warning',
    stage: 'settlement',
    params: {},
    check: (
      { xml1, xml2 },
      _,
      { catalogues: { facility_catalogue: facilities, contract_table: contracts } },
    ) => {
      const isPickUp = PICK_UP.includes(value(xml1, 'MA_DOITUONG_KCB'));
      return eachFilled(xml2, ['MA_CSKCB_THUOC'], (text, _field, { values }) => {
        const [, mark, facility] = /^(C|K|M|H|HC)\.(\d{5})$/.exec(text) ?? [];
        if (mark === undefined || facility === undefined) return false;
        if (facilities && facilities.rows(facility).length === 0) return false;
        const isFromOthers = mark === 'C' && facility !== value(xml1, 'MA_CSKCB');
        if (!isFromOthers || isPickUp || !contracts) return true;
        return contracts.validOn(facility, lineDay(values) ?? '').length > 0;
      });
    },
  }),
  rule({
    id: 'DRG_HERB_PROCESSING',
    severity: 'warning',
    stage: 'order',
    needs: ['herb_catalogue'],
    params: {},
    check: ({ xml2 }, _, { catalogues: { herb_catalogue: methods } }) => {
      const herbs = xml2.filter(({ values }) => value(values, 'MA_THUOC').startsWith(HERB));
      if (herbs.length === 0) return 'not-applicable';
      return herbs
        .filter(({ values }) => {
          const codes = list(values, 'MA_PP_CHEBIEN').map((one) => one.trim());
          return codes.length === 0 || codes.some((code) => methods!.rows(code).length === 0);
        })
        .map((row) => inRow(row, 'MA_PP_CHEBIEN'));
    },
  }),
];
