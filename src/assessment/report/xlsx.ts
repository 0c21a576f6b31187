import type { Language } from '../../messages/index.ts';
import type { RuleCount } from '../rule-counts.ts';
import type { Listed } from './columns.ts';

export async function xlsxOf(_f: readonly Listed[], _c: readonly RuleCount[], _l: Language): Promise<Buffer> {
  return Buffer.alloc(0);
}
