import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SignedXml } from 'xml-crypto';
import { EDITION_IDS } from '../../src/claims/editions.ts';
import { NotPlainError } from '../../src/signatures/document.ts';
import { SigningError, signFiles, verifyClaimSignature } from '../../src/signatures/index.ts';
import { C14N, ENVELOPED, RSA_SHA256, SHA256 } from '../../src/signatures/profiles.ts';
import { hasXmlsec, xmlsecVerifies } from '../harness/xmlsec.ts';
import {
  CHECK_IN,
  CLAIM,
  certificateOf,
  GOLDEN,
  goldenAuthority,
  goldenKey,
  PAPER,
  SIGNED_AT,
  signedBy,
  signerOf,
} from './keys.ts';

const own = goldenKey();
const key = createPrivateKey(own.key);
const part = (xml: string | Buffer, name: string) =>
  [...xml.toString().matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((found) => found[1]);

/** The same file signed by xml-crypto itself: slow, general, and the measure of our own. */
function byXmlCrypto(file: string): string {
  const isPaper = file.includes(' Id="');
  const signer = new SignedXml({
    privateKey: key,
    canonicalizationAlgorithm: C14N,
    signatureAlgorithm: RSA_SHA256,
    ...(isPaper ? { objects: [objectOf(file)] } : {}),
  });
  if (isPaper) {
    for (const xpath of ["//*[local-name(.)='Object']", "//*[local-name(.)='THONGTINHOSO']"])
      signer.addReference({ xpath, transforms: [C14N], digestAlgorithm: SHA256 });
  } else {
    signer.addReference({
      xpath: '/*',
      isEmptyUri: true,
      uri: '',
      transforms: [ENVELOPED],
      digestAlgorithm: SHA256,
    });
  }
  signer.computeSignature(file, { location: { reference: '/*/*[last()]', action: 'append' } });
  return signer.getSignedXml();
}

function objectOf(file: string) {
  const id = `CHUKYDONVI-${/ Id="([^"]+)"/.exec(file)![1]}`;
  const content = `<SignatureProperties xmlns=""><SignatureProperty Target="#${id}"><SigningTime>2026-11-26T03:00:00Z</SigningTime></SignatureProperty></SignatureProperties>`;
  return { content, attributes: { Id: `Object-${id}` } };
}

const golden = new URL('../golden/', import.meta.url);
/** Every golden claim, check-in and package of papers, of every edition. */
const builtFiles: [string, string][] = EDITION_IDS.flatMap((edition) =>
  readdirSync(new URL(`${edition}/`, golden), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/(claim|check-in|papers)\.xml$/.test(path))
    .toSorted()
    .map((path): [string, string] => [
      `${edition}/${path}`,
      readFileSync(new URL(`${edition}/${path}`, golden), 'utf8'),
    ]),
);
const examples: [string, string][] = [
  ['claim', CLAIM],
  ['check-in', CHECK_IN],
  ['paper', PAPER],
];

/** What may stand in an element, spelt as the writer spells it. */
const text = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\t',
      '"',
      "'",
      '&amp;',
      '&lt;',
      '&gt;',
      '&#13;',
      ']]',
      'ễ',
      'e\u0302',
      '👶',
      '\u202e',
      '=',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const plainFile = fc
  .tuple(fc.constantFrom(CHECK_IN, PAPER), fc.array(text, { maxLength: 6 }))
  .map(([file, values]) =>
    file.replace(/<(DU_PHONG|NGAYLAP)>[^<]*<\/\1>/, () =>
      values.map((value) => `<A_1>${value}</A_1>`).join(''),
    ),
  );

describe('a signed file', () => {
  test('there are files of every kind and edition', () => {
    const kinds = new Set(builtFiles.map(([path]) => path.replace(/\/.*\//, '/')));
    for (const edition of EDITION_IDS) expect(kinds).toContain(`${edition}/claim.xml`);
    expect(builtFiles.filter(([path]) => path.endsWith('papers.xml')).length).toBeGreaterThan(2);
  });

  test.each([...builtFiles, ...examples])('%s: the digests are those of xml-crypto', (_name, file) => {
    const [ours, theirs] = [signedBy(file, own), byXmlCrypto(file)];
    expect(part(ours, 'DigestValue')).toEqual(part(theirs, 'DigestValue'));
    // How two references are written may differ; whether profile B verifies, xmlsec1 says below.
    if (!file.includes(' Id="')) expect(part(ours, 'SignatureValue')).toEqual(part(theirs, 'SignatureValue'));
  });

  test('whatever the writer may write: the digests are those of xml-crypto, and it verifies', () => {
    fc.assert(
      fc.property(plainFile, (file) => {
        const ours = signedBy(file, own);
        expect(part(ours, 'DigestValue')).toEqual(part(byXmlCrypto(file), 'DigestValue'));
        expect(verifyClaimSignature(ours, own).state).toBe('valid');
      }),
      { numRuns: 150, seed: 20_261_126 },
    );
  });

  test.each([...builtFiles, ...examples])('%s: nothing but the slot was touched', (_name, file) => {
    const signed = signedBy(file, own).toString();
    expect(signed.replace(/<Signature [\s\S]*<\/Signature>/, '')).toBe(file);
    expect(verifyClaimSignature(Buffer.from(signed), own)).toEqual({
      state: 'valid',
      profile: file.includes(' Id="') ? 'B' : 'A',
      serial: '0A01',
      subject: 'CN=Bệnh viện Thử & Nghiệm\\, số 1,OU=99001,C=VN',
      signedAt: file.includes(' Id="') ? '2026-11-26T03:00:00Z' : null,
      reason: null,
    });
  });

  test.each(examples)('%s: golden, byte for byte', (name, file) => {
    const path = new URL(`${name}.xml`, GOLDEN);
    const signed = signedBy(file, own);
    if (process.env.GOLDEN_UPDATE === '1') writeFileSync(path, signed);
    expect(readFileSync(path, 'utf8')).toBe(signed.toString());
  });

  (hasXmlsec() ? test : test.skip)('xmlsec1 verifies both profiles, and refuses what was changed', () => {
    for (const [, file] of [...builtFiles, ...examples]) {
      const signed = signedBy(file, own);
      expect(xmlsecVerifies(signed, goldenAuthority())).toBe(true);
      const changed = Buffer.from(signed.toString().replace(/(<(?:NGAYLAP|HO_TEN|MA_LK)>)./, '$1\u00a1'));
      expect(changed.equals(signed)).toBe(false);
      expect(xmlsecVerifies(changed, goldenAuthority())).toBe(false);
    }
  });
});

describe('what is not signed', () => {
  const bad: [string, string][] = [
    ['an attribute', CLAIM.replace('<HOSO>', '<HOSO a="1">')],
    ['a namespace', CLAIM.replace('<GIAMDINHHS>', '<GIAMDINHHS xmlns:xsi="urn:x">')],
    ['a comment', CLAIM.replace('<HOSO>', '<!-- x --><HOSO>')],
    ['CDATA', CLAIM.replace('>20261126<', '><![CDATA[20261126]]><')],
    ['an empty element in short', CLAIM.replace('<HOSO>', '<HOSO><A/>')],
    ['a bare >', CLAIM.replace('>20261126<', '>2026>1126<')],
    ['a raw carriage return', CLAIM.replace('>20261126<', '>2026\r1126<')],
    ['another reference', CLAIM.replace('>20261126<', '>&#65;<')],
    ['a document type', CLAIM.replace('<GIAMDINHHS>', '<!DOCTYPE GIAMDINHHS><GIAMDINHHS>')],
    ['a blank in a tag', CLAIM.replace('<HOSO>', '<HOSO >')],
    ['no slot', CLAIM.replace('<CHUKYDONVI></CHUKYDONVI>', '')],
    ['a slot that is filled', signedBy(CLAIM, own).toString()],
    ['a slot that is not last', CLAIM.replace('</GIAMDINHHS>', '<A></A></GIAMDINHHS>')],
    ['something after the root', `${CLAIM}\n`],
    ['a byte-order mark', `\ufeff${CLAIM}`],
    ['two elements with an Id', PAPER.replace('<HOSO>', '<HOSO Id="b">')],
    ['a paper without Id', PAPER.replace(' Id="HS-99001-1"', '')],
    ['something between the element and the slot', PAPER.replace('<CHUKYDONVI>', '<A></A><CHUKYDONVI>')],
  ];
  test.each(bad)('%s', (_what, file) => {
    expect(() => signedBy(file, own)).toThrow(NotPlainError);
  });

  test('nothing before the certificate begins and after it ended, nothing with the key of another', async () => {
    const certificate = certificateOf(own);
    const sign = (at: Date, signer = signerOf(own)) =>
      signFiles(signer, '99001', certificate, [Buffer.from(CLAIM)], at);
    const lastMoment = new Date(certificate.validTo.getTime() - 1);
    expect(await sign(lastMoment)).toHaveLength(1);
    await expect(sign(certificate.validTo)).rejects.toThrow(new SigningError('certificate-expired'));
    const tooEarly = new Date(certificate.validFrom.getTime() - 1);
    await expect(sign(tooEarly)).rejects.toThrow(new SigningError('certificate-not-yet-valid'));
    const silent = { sign: async () => [] };
    await expect(sign(SIGNED_AT, silent)).rejects.toThrow(new SigningError('signer-wrong-answer'));
    const lying = {
      sign: async (_: unknown, texts: readonly Buffer[]) => texts.map(() => Buffer.alloc(256, 7)),
    };
    await expect(sign(SIGNED_AT, lying)).rejects.toThrow(new SigningError('signer-wrong-answer'));
  });
});
