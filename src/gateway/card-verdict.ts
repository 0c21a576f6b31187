/**
 * What a card look-up means for the visit. It never stops care: the person is received and the card is looked up again
 * before discharge.
 * - `good`: as it was shown
 * - `by-hand`: of the army or police; card and papers are looked at
 * - `new-card`: another card takes its place, its number is in the answer
 * - `warn`: something small differs
 * - `bad`: the card gives nothing now
 * - `no-card`: a child without a card
 */
export type CardVerdict = 'good' | 'by-hand' | 'new-card' | 'warn' | 'bad' | 'no-card';

/** Why the gateway could not say. `configuration`: whoever looked up is not registered there. */
export type Trouble = 'session' | 'account' | 'configuration' | 'question' | 'restricted' | 'unavailable';

export type CardMeaning = { readonly verdict: CardVerdict } | { readonly trouble: Trouble };

const bad: CardMeaning = { verdict: 'bad' };
const question: CardMeaning = { trouble: 'question' };
const configuration: CardMeaning = { trouble: 'configuration' };
const unavailable: CardMeaning = { trouble: 'unavailable' };

/** `maKetQua` of the card look-up. The same numbers mean something else where files are handed in. */
const MEANINGS: Readonly<Record<string, CardMeaning>> = {
  '000': { verdict: 'good' },
  '001': { verdict: 'by-hand' },
  '002': { verdict: 'by-hand' },
  '003': { verdict: 'new-card' },
  '004': { verdict: 'good' },
  '010': bad,
  '050': bad,
  '051': bad,
  '052': bad,
  '053': bad,
  '054': configuration,
  '055': configuration,
  '060': bad,
  '061': { verdict: 'warn' },
  '070': bad,
  '080': { verdict: 'warn' },
  '090': { verdict: 'warn' },
  '100': unavailable,
  '101': unavailable,
  '110': bad,
  '120': bad,
  '121': { verdict: 'new-card' },
  '122': { verdict: 'new-card' },
  '123': { verdict: 'new-card' },
  '124': bad,
  '130': { verdict: 'no-card' },
  '205': question,
  '400': question,
  '401': { trouble: 'session' },
  '402': { trouble: 'account' },
  '403': { trouble: 'account' },
  '500': unavailable,
};

/** A code that nobody has seen before says nothing of the card. @source CV 1923/BHXH-CNTT */
export const cardMeaning = (code: string): CardMeaning => MEANINGS[code] ?? unavailable;
