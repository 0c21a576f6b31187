import { add, decimal, decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  type Claim,
  eachRow,
  inRow,
  inTable,
  isoDay,
  list,
  moment,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { isTender } from '../../tender.ts';

/** 10 supplies, 11 supplies outside the list. */
const SUPPLIES = ['10', '11'];
const TENDER = { yearMin: 2010, yearAhead: 2, lowest: 0 };

const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');
const suppliesOf = ({ xml3 }: Claim, groups: readonly string[] = SUPPLIES) =>
  xml3.filter((row) => groups.includes(groupOf(row)));
const filled = (field: string) => (row: PlacedRow) => value(row.values, field) !== '';

/** Does one of the cards entitle to everything (third character 1 or 5)? */
const hasFullCard = ({ xml1 }: Claim) =>
  list(xml1, 'MA_THE_BHYT').some((card) => /^[15]$/.test(card.trim().charAt(2)));

/** Medical supplies: where they were bought, what they may cost, to which service they belong. */
export const supplies: readonly AnyRule[] = [
  rule({
    id: 'SUP_TENDER_REQUIRED',
    severity: 'error',
    stage: 'order',
    params: { groups: ['10'], scopes: ['1'] },
    check: (claim, { groups, scopes }) =>
      eachRow(
        suppliesOf(claim, groups).filter(({ values }) => scopes.includes(value(values, 'PHAM_VI'))),
        'TT_THAU',
        (row) => value(row, 'TT_THAU') !== '',
      ),
  }),
  rule({
    id: 'SUP_TENDER_FORMAT',
    severity: 'error',
    stage: 'order',
    params: TENDER,
    check: (claim, params, { checkTime }) =>
      eachRow(suppliesOf(claim).filter(filled('TT_THAU')), 'TT_THAU', (row) =>
        isTender(value(row, 'TT_THAU'), checkTime, params),
      ),
  }),
  rule({
    id: 'SUP_ITEM_CEILING',
    severity: 'error',
    stage: 'settlement',
    // đồng
    params: { tol: '0.5' },
    check: (claim, { tol }) => {
      const limited = suppliesOf(claim, ['10']).filter(
        (row) => (number(row.values, 'T_TRANTT')?.gt(zero) ?? false) && !filled('GOI_VTYT')(row),
      );
      if (limited.length === 0) return 'not-applicable';
      return limited.flatMap((row) => {
        const ceiling = number(row.values, 'T_TRANTT');
        const [price, insured] = [number(row.values, 'DON_GIA_BV'), number(row.values, 'DON_GIA_BH')];
        if (!ceiling || !price || !insured) return [];
        const expected = price.gt(ceiling) ? ceiling : price;
        if (insured.minus(expected).abs().lte(decimal(tol))) return [];
        return [inRow(row, 'DON_GIA_BH', { expected: decimalText(expected) })];
      });
    },
  }),
  rule({
    id: 'SUP_PACKAGE_FORMAT',
    severity: 'error',
    stage: 'settlement',
    params: { pattern: '^G[1-9]\\d?$' },
    check: ({ xml3 }, { pattern }) => {
      const packed = xml3.filter(filled('GOI_VTYT'));
      const names = new Set(packed.map(({ values }) => value(values, 'GOI_VTYT')));
      // G1, G2 … without a gap: each number has the one before it.
      const follows = (name: string) => name === 'G1' || names.has(`G${Number(name.slice(1)) - 1}`);
      return eachRow(packed, 'GOI_VTYT', (row) => {
        const name = value(row, 'GOI_VTYT');
        return new RegExp(pattern).test(name) && follows(name);
      });
    },
  }),
  rule({
    id: 'SUP_PACKAGE_CEILING',
    severity: 'error',
    stage: 'settlement',
    // Months of the base salary; đồng.
    params: { months: '45', tol: '1' },
    check: (claim, { months, tol }, { builtIns }) => {
      const packed = suppliesOf(claim).filter(filled('GOI_VTYT'));
      const admitted = moment(claim.xml1, 'NGAY_VAO');
      const salary = admitted === null ? null : builtIns.baseSalary(isoDay(admitted));
      if (packed.length === 0 || salary === null || hasFullCard(claim)) return 'not-applicable';
      const ceiling = salary.times(decimal(months));
      return [...Map.groupBy(packed, ({ values }) => value(values, 'GOI_VTYT'))].flatMap(([name, rows]) => {
        const amounts = rows.map(({ values }) => number(values, 'THANH_TIEN_BH'));
        if (amounts.some((amount) => amount === null)) return [];
        const sum = add(...amounts.map((amount) => amount ?? zero));
        if (sum.lte(ceiling.plus(decimal(tol)))) return [];
        const shown = { package: name, sum: decimalText(sum), ceiling: decimalText(ceiling) };
        return [inTable('XML3', 'THANH_TIEN_BH', shown)];
      });
    },
  }),
  rule({
    id: 'SUP_PARENT_SERVICE',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: (claim) => {
      const services = new Set(
        claim.xml3
          .filter((row) => !SUPPLIES.includes(groupOf(row)))
          .map((row) => value(row.values, 'MA_DICH_VU')),
      );
      return eachRow(
        suppliesOf(claim).filter(filled('MA_DICH_VU')),
        'MA_DICH_VU',
        (row) => services.has(value(row, 'MA_DICH_VU')),
        (row) => ({ code: value(row, 'MA_DICH_VU') }),
      );
    },
  }),
  rule({
    id: 'SUP_REUSED_PRICE',
    severity: 'error',
    stage: 'settlement',
    // đồng
    params: { tol: '0.001' },
    check: ({ xml3 }, { tol }) =>
      eachRow(
        xml3.filter(({ values }) => value(values, 'TAI_SU_DUNG') === '1'),
        'DON_GIA_BH',
        (row) => {
          const [price, insured] = [number(row, 'DON_GIA_BV'), number(row, 'DON_GIA_BH')];
          return !price || !insured || price.minus(insured).abs().lte(decimal(tol));
        },
        (row) => ({ bv: value(row, 'DON_GIA_BV'), bh: value(row, 'DON_GIA_BH') }),
      ),
  }),
];
