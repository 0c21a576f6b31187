import { type AnyRule, eachFilled, type RuleContext, rule, value } from '../../rule.ts';

/** The card under which a newborn is treated until it has its own. */
export const temporaryCard: readonly AnyRule[] = [
  rule({
    id: 'XML9_TEMP_CARD',
    severity: 'error',
    stage: 'export',
    // A donor of an organ has a temporary card, too, which is no child's: only the birth paper is judged then.
    params: { tables: ['XML7', 'XML8', 'XML9', 'XML11'], pattern: '^TE1\\d{12}$', donorClass: '1.6' },
    check: (claim, { tables, pattern, donorClass }, context) => {
      const isDonor = value(claim.xml1, 'MA_DOITUONG_KCB') === donorClass;
      const judged = isDonor ? ['XML9'] : tables;
      return eachFilled(
        judged.flatMap((table) => claim.rows(table)),
        ['MA_THE_TAM'],
        (card) => new RegExp(pattern).test(card) && isProvince(card.slice(3, 5), context),
      );
    },
  }),
];

/** Silent without the catalogue of wards. */
function isProvince(code: string, { catalogues }: RuleContext): boolean {
  const wards = catalogues.admin_units;
  return wards === undefined || wards.all.some(({ province }) => String(province) === code);
}
