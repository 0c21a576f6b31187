import type { Catalogue, CatalogueRow } from '../../catalogues.ts';
import {
  type AnyRule,
  type Claim,
  comparable,
  type Found,
  inTable,
  list,
  moment,
  plusMinutes,
  rule,
  value,
} from '../../rule.ts';
import { isTemporary } from './card-codes.ts';

// Catalogue card_lookup, a row for each look-up of a card: card (code), at (yyyyMMddHHmm), result, text,
// and of the answer, where it has them: name, birth (yyyy or yyyyMMdd), sex (1, 2, 3), registered, validFrom, validTo,
// area. A blank validTo = open, a blank area = none.

/** The gateway or the account was in trouble: nothing was said of the card. */
const NO_ANSWER = ['054', '055', '100', '101', '205', '401', '500'];
const OK = ['000', '001', '002', '004'];
const DAY = 24 * 60;

/** Cards that can be looked up, with their place in the list. */
const cardsOf = (claim: Claim) =>
  list(claim.xml1, 'MA_THE_BHYT')
    .map((one, n) => ({ card: one.trim(), n }))
    .filter(({ card }) => card !== '' && !isTemporary(claim, card));

/** The newest answer for the card from a day before the arrival to the end; what is corrected meanwhile is forgotten. */
function answerFor(
  { xml1 }: Claim,
  card: string,
  lookups: Catalogue,
  noAnswer = NO_ANSWER,
): CatalogueRow | undefined {
  const arrived = moment(xml1, 'NGAY_VAO');
  if (arrived === null) return undefined;
  const [from, to] = [plusMinutes(arrived, -DAY), moment(xml1, 'NGAY_RA') ?? '999912312359'];
  return lookups
    .rows(card)
    .filter((row) => from <= String(row.at) && String(row.at) <= to && !noAnswer.includes(String(row.result)))
    .toSorted((a, b) => (String(a.at) < String(b.at) ? 1 : -1))[0];
}

/** Each card with its answer; cards without one are left to CARD_LOOKUP_MISSING. */
const answered = (claim: Claim, lookups: Catalogue) =>
  cardsOf(claim).flatMap(({ card, n }) => {
    const answer = answerFor(claim, card, lookups);
    return answer ? [{ card, n, answer }] : [];
  });

/** Differs when both have it. */
function difference(
  field: string,
  own: string,
  answer: CatalogueRow[string] | undefined,
  isSame: (a: string, b: string) => boolean,
): Found[] {
  if (answer === undefined || own === '' || isSame(own, String(answer))) return [];
  return [inTable('XML1', field, { field, value: own, expected: String(answer) || '–' })];
}
const exactly = (a: string, b: string) => a === b;
const known = (cell: CatalogueRow[string] | undefined) => (cell === '' ? undefined : cell);

/** The claim against what the gateway said of the card. */
export const lookup: readonly AnyRule[] = [
  rule({
    id: 'CARD_LOOKUP_STATUS',
    severity: 'error',
    stage: 'order',
    needs: ['card_lookup'],
    params: { ok: OK, noAnswer: NO_ANSWER },
    check: (claim, { ok, noAnswer }, { catalogues: { card_lookup: lookups } }) => {
      const answers = cardsOf(claim).flatMap(({ card }) => {
        const answer = answerFor(claim, card, lookups!, noAnswer);
        return answer ? [answer] : [];
      });
      if (answers.length === 0) return 'not-applicable';
      return answers
        .filter(({ result }) => !ok.includes(String(result)))
        .map(({ result, text = '' }) =>
          inTable('XML1', 'MA_THE_BHYT', { code: String(result), text: String(text) }),
        );
    },
  }),
  rule({
    id: 'CARD_LOOKUP_MISSING',
    severity: 'warning',
    stage: 'order',
    needs: ['card_lookup'],
    params: {},
    check: (claim, _, { catalogues: { card_lookup: lookups } }) => {
      if (cardsOf(claim).length === 0 || moment(claim.xml1, 'NGAY_VAO') === null) return 'not-applicable';
      return answered(claim, lookups!).length > 0 ? [] : [inTable('XML1', 'MA_THE_BHYT')];
    },
  }),
  rule({
    id: 'CARD_LOOKUP_IDENTITY',
    severity: 'error',
    stage: 'order',
    needs: ['card_lookup'],
    params: {},
    check: (claim, _, { catalogues: { card_lookup: lookups } }) => {
      const answer = answered(claim, lookups!)[0]?.answer;
      if (!answer) return 'not-applicable';
      const of = (field: string) => value(claim.xml1, field);
      const isSameBirth = (own: string, card: string) => own.slice(0, card.length) === card;
      return [
        ...difference('HO_TEN', of('HO_TEN'), known(answer.name), (a, b) => comparable(a) === comparable(b)),
        ...difference('NGAY_SINH', of('NGAY_SINH'), known(answer.birth), isSameBirth),
        ...difference('GIOI_TINH', of('GIOI_TINH'), known(answer.sex), exactly),
      ];
    },
  }),
  rule({
    id: 'CARD_LOOKUP_VALIDITY',
    severity: 'warning',
    stage: 'order',
    needs: ['card_lookup'],
    params: {},
    check: (claim, _, { catalogues: { card_lookup: lookups } }) => {
      const answers = answered(claim, lookups!);
      if (answers.length === 0) return 'not-applicable';
      return answers.flatMap(({ n, answer }) => {
        const own = (field: string) => (list(claim.xml1, field)[n] ?? '').trim();
        // Answers about the armed forces may hold nothing but the verdict.
        const isWhole = known(answer.registered) !== undefined;
        return [
          ...difference('MA_DKBD', own('MA_DKBD'), known(answer.registered), exactly),
          ...difference('GT_THE_TU', own('GT_THE_TU'), known(answer.validFrom), exactly),
          ...difference('GT_THE_DEN', own('GT_THE_DEN'), isWhole ? answer.validTo : undefined, exactly),
          ...difference(
            'MA_KHUVUC',
            value(claim.xml1, 'MA_KHUVUC'),
            isWhole ? answer.area : undefined,
            exactly,
          ),
        ];
      });
    },
  }),
];
