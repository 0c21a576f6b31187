import { type Language, text } from '../messages/index.ts';
import { money, moneyForPeople } from '../platform/money.ts';
import type { Fact, RuleApplication } from './types.ts';

/**
 * One rule as a sentence a patient understands, with the article it stands on.
 * @returns for instance "Tổng chi phí trong phạm vi BHYT của lần khám 220.000 đ, dưới 15 % lương cơ sở (379.500 đ), nên
 *   mức hưởng là 100 %. (Luật BHYT Điều 22 khoản 1; NĐ 188/2025 Điều 18)"
 * @throws RangeError for a rule without a message: our mistake
 */
export function explain(language: Language, application: RuleApplication): string {
  const values = Object.entries(application.facts ?? {}).map(([name, fact]) => [
    name,
    written(language, fact),
  ]);
  return text(language, 'benefits.sentence', {
    sentence: text(
      language,
      `benefits.${application.rule}${application.wording ? `.${application.wording}` : ''}`,
      Object.fromEntries(values) as Record<string, string>,
    ),
    article: article(language, application.article),
  });
}

function written(language: Language, { kind, value }: Fact): string {
  const point = language === 'vi' ? ',' : '.';
  switch (kind) {
    case 'money':
      return moneyForPeople(money(value), language);
    case 'price':
      return `${grouped(value, language)} ${language === 'vi' ? 'đ' : 'VND'}`;
    case 'percent':
      return language === 'vi' ? `${value.replace('.', point)} %` : `${value}%`;
    case 'number':
      return value.replace('.', point);
    case 'day':
      return language === 'vi' ? value.split('-').toReversed().join('/') : value;
    case 'code':
      return value;
  }
}

/** A unit price keeps its three decimals, which `moneyForPeople` does not know. */
function grouped(value: string, language: Language): string {
  const [digits, fraction] = value.split('.') as [string, string?];
  const [separator, point] = language === 'vi' ? ['.', ','] : [',', '.'];
  const whole = digits.replace(/\B(?=(\d{3})+(?!\d))/g, separator);
  return fraction === undefined ? whole : `${whole}${point}${fraction}`;
}

/** The short form of lawyers ("Đ22 k1") in words. */
function article(language: Language, short: string): string {
  return short
    .replace(/Đ(?=\d)/g, `${text(language, 'benefits.article')} `)
    .replace(/ k(?=\d)/g, ` ${text(language, 'benefits.clause')} `);
}
