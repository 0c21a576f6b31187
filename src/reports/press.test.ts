import { afterAll, describe, expect, test } from '@jest/globals';
import { pdfText } from '../../test/harness/pdf.ts';
import { type Paper, printPdf, stopPress } from './press.ts';
import type { ReceiptText } from './receipt.ts';

afterAll(() => stopPress());

const receipt = (title: string): ReceiptText => ({
  language: 'vi',
  facility: ['Trạm Y tế xã Mẫu'],
  title,
  numbering: null,
  mark: null,
  rows: [],
  voided: [],
  qr: null,
  signatures: ['Thu ngân'],
  signatureNote: '',
});
const paper = (title: string): Paper => ({ kind: 'receipt', receipt: receipt(title), size: 'a5' });
const broken = {
  kind: 'receipt',
  receipt: { ...receipt('x'), facility: null },
  size: 'a5',
} as unknown as Paper;

describe('the press', () => {
  test('gives everybody their own paper', async () => {
    const titles = Array.from({ length: 12 }, (_, index) => `PHIẾU ${index}`);
    const printed = await Promise.all(titles.map((title) => printPdf(paper(title))));
    for (const [index, bytes] of printed.entries())
      expect(pdfText(bytes)).toMatch(new RegExp(`PHIẾU ${index}(?!\\d)`));
  });

  test('a paper that cannot be laid out fails alone', async () => {
    const outcomes = await Promise.allSettled([printPdf(paper('A')), printPdf(broken), printPdf(paper('B'))]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(String((outcomes[1] as PromiseRejectedResult).reason)).toContain('not printed');
  });

  test('when the thread ends, what was in it fails and the next paper is printed by another', async () => {
    const lost = Array.from({ length: 3 }, (_, index) => printPdf(paper(`L${index}`)));
    const outcomes = Promise.allSettled(lost);
    await stopPress();
    expect((await outcomes).some((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(pdfText(await printPdf(paper('PHIẾU SAU')))).toContain('PHIẾU SAU');
  });
});
