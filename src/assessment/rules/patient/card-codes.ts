import { type AnyRule, type Claim, inTable, list, rule, value } from '../../rule.ts';

// Catalogues card_class_catalogue and bhxh_unit_catalogue: code, from, to. facility_catalogue: code.

/** Only these hold a class and an issuer; other lengths are left to CARD_FORMAT. */
const wholeCards = ({ xml1 }: Claim) =>
  list(xml1, 'MA_THE_BHYT')
    .map((one) => one.trim().toUpperCase())
    .filter((one) => one.length === 15);

const NEWBORN_CLASS = '1.7';
/** Is it the number that a newborn or a donor got until the card is there? */
export function isTemporary(claim: Claim, card: string): boolean {
  return (
    value(claim.xml1, 'MA_DOITUONG_KCB') === NEWBORN_CLASS ||
    card.slice(5, 7) === 'KT' ||
    ['XML7', 'XML8', 'XML9', 'XML11'].some((table) =>
      claim.rows(table).some(({ values }) => card !== '' && value(values, 'MA_THE_TAM') === card),
    )
  );
}

/** Codes inside a card, and the facilities of card and claim. */
export const cardCodes: readonly AnyRule[] = [
  rule({
    id: 'CARD_BENEFIT_CODE',
    severity: 'error',
    stage: 'order',
    needs: ['card_class_catalogue'],
    params: {},
    check: (claim, _, { catalogues: { card_class_catalogue: known } }) => {
      const classes = wholeCards(claim).map((card) => card.slice(0, 3));
      if (classes.length === 0) return 'not-applicable';
      return classes
        .filter((one) => known!.rows(one).length === 0)
        .map((one) => inTable('XML1', 'MA_THE_BHYT', { value: one }));
    },
  }),
  rule({
    id: 'CARD_ISSUER_CODE',
    severity: 'error',
    stage: 'order',
    needs: ['bhxh_unit_catalogue'],
    params: {},
    check: (claim, _, { catalogues: { bhxh_unit_catalogue: known } }) => {
      const issuers = wholeCards(claim).map((card) => card.slice(3, 5));
      if (issuers.length === 0) return 'not-applicable';
      return issuers
        .filter((one) => known!.rows(one).length === 0)
        .map((one) => inTable('XML1', 'MA_THE_BHYT', { value: one }));
    },
  }),
  // `XX000` = registered in the province, the facility is not known.
  rule({
    id: 'CARD_REGISTERED_PLACE',
    severity: 'error',
    stage: 'order',
    needs: ['facility_catalogue'],
    params: {},
    check: (claim, _, { catalogues: { facility_catalogue: known } }) => {
      const cards = list(claim.xml1, 'MA_THE_BHYT').map((one) => one.trim());
      const places = list(claim.xml1, 'MA_DKBD')
        .map((one) => one.trim())
        .filter((one, n) => one !== '' && !/^\d{2}000$/.test(one) && !isTemporary(claim, cards[n] ?? ''));
      if (places.length === 0) return 'not-applicable';
      return places
        .filter((one) => one.length !== 5 || known!.rows(one).length === 0)
        .map((one) => inTable('XML1', 'MA_DKBD', { value: one }));
    },
  }),
  rule({
    id: 'CARD_TREATING_PLACE',
    severity: 'error',
    stage: 'export',
    needs: ['facility_catalogue'],
    params: {},
    check: ({ xml1 }, _, { catalogues: { facility_catalogue: known } }) => {
      const place = value(xml1, 'MA_CSKCB');
      if (place === '') return 'not-applicable';
      const isKnown = place.length === 5 && known!.rows(place).length > 0;
      return isKnown ? [] : [inTable('XML1', 'MA_CSKCB', { value: place })];
    },
  }),
];
