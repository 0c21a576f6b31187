import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { documentBytes, packDocument, packSigned } from './pack.ts';

const head = Buffer.from('<?xml version="1.0"?><GIAMDINHHS><A>Nguyễn</A><CHUKYDONVI>');
const unsigned = Buffer.concat([head, Buffer.from('</CHUKYDONVI></GIAMDINHHS>')]);
const ending = Buffer.from('<Signature>ký</Signature></CHUKYDONVI></GIAMDINHHS>');

test('a document comes back as it was, with a place for a signature or without', () => {
  for (const bytes of [unsigned, Buffer.from('<A>không có chỗ ký</A>'), Buffer.alloc(0)])
    expect(documentBytes(packDocument(bytes)).equals(bytes)).toBe(true);
});

test('the signed one is the same bytes and the signature; the part before it is not compressed again', () => {
  const packed = packDocument(unsigned);
  const signed = packSigned(packed, unsigned, { head, ending });
  expect(documentBytes(signed).equals(Buffer.concat([head, ending]))).toBe(true);
  const first = gzipSync(head, { level: 6 });
  for (const one of [packed, signed]) expect(one.subarray(0, first.length).equals(first)).toBe(true);
});

test('a document that was stored in one piece, by an earlier release, is signed just as well', () => {
  const signed = packSigned(gzipSync(unsigned), unsigned, { head, ending });
  expect(documentBytes(signed).equals(Buffer.concat([head, ending]))).toBe(true);
});
