import { createPrivateKey, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { SignedXml } from 'xml-crypto';
import { randomFrom } from '../../src/demo/visits/random.ts';
import {
  CertificateError,
  checkSignature,
  type KeyAndCertificate,
  makeAuthority,
  makeCertificate,
  makeKey,
  readCertificate,
  verifyClaimSignature,
} from '../../src/signatures/index.ts';
import { prepareSignature } from '../../src/signatures/sign.ts';
import { hasXmlsec, xmlsecVerifies } from '../harness/xmlsec.ts';
import {
  attacker,
  CHECK_IN,
  CLAIM,
  certificateOf,
  goldenAuthority,
  goldenKey,
  PAPER,
  SIGNED_AT,
  signedBy,
} from './keys.ts';

const own = goldenKey();
const files = { claim: signedBy(CLAIM, own), checkIn: signedBy(CHECK_IN, own), paper: signedBy(PAPER, own) };
const check = (file: string | Buffer) => verifyClaimSignature(Buffer.from(file), own);
const reasonOf = (file: string | Buffer) => {
  const { state, reason } = check(file);
  return `${state}: ${reason}`;
};
const signatureOf = (file: Buffer) => /<Signature [\s\S]*<\/Signature>/.exec(file.toString())![0];

describe('tampering', () => {
  const pieces: [string, Buffer, RegExp][] = [
    ['the whole claim', files.claim, /<GIAMDINHHS>[\s\S]*<CHUKYDONVI>/],
    ['the whole check-in', files.checkIn, /<CHI_TIEU_TRANG_THAI_KCB>[\s\S]*<CHUKYDONVI>/],
    ['the signed part of a paper', files.paper, /<THONGTINHOSO [\s\S]*<\/THONGTINHOSO>/],
    ['the time of signing', files.paper, /<SigningTime>[\s\S]*<\/SigningTime>/],
    ['what the signature says it covers', files.claim, /<SignedInfo>[\s\S]*<\/SignedInfo>/],
    ['the same of a paper', files.paper, /<SignedInfo>[\s\S]*<\/SignedInfo>/],
    ['the signature itself', files.claim, /<SignatureValue>[\s\S]*<\/SignatureValue>/],
    ['the certificate inside', files.claim, /<X509Certificate>[\s\S]*<\/X509Certificate>/],
  ];
  test.each(pieces)('with any byte of %s fails', (_what, file, part) => {
    const text = file.toString('latin1');
    const { index, 0: found } = part.exec(text)!;
    expect(found.length).toBeGreaterThan(30);
    const random = randomFrom('tampering', index);
    const passed: number[] = [];
    for (let at = index; at < index + found.length; at += 1)
      for (const bits of [1, random.int(2, 255)]) {
        const changed = Buffer.from(file);
        changed[at] = changed[at]! ^ bits;
        if (check(changed).state === 'valid') passed.push(at);
      }
    expect(passed).toEqual([]);
    expect(check(file).state).toBe('valid');
  });

  test('a byte that is added or lost fails too', () => {
    expect(reasonOf(files.claim.toString().replace('<HOSO>', '<HOSO> '))).toBe('invalid: content-changed');
    expect(reasonOf(files.claim.toString().replace('20261126', '2026126'))).toBe('invalid: content-changed');
    expect(reasonOf(`${files.claim.toString()}<A></A>`)).toBe('invalid: not-well-formed');
    expect(reasonOf(files.claim.subarray(0, -1))).toBe('invalid: not-well-formed');
  });

  test('a comment that splits a value is not signed, so it is not read either', () => {
    const split = Buffer.from(files.claim.toString().replace('>20261126<', '>2026<!-- x -->1126<'));
    const { state, signed } = checkSignature(split, own);
    expect(state).toBe('valid');
    expect(signed).toContain('<NGAYLAP>20261126</NGAYLAP>');
  });
});

describe('whose certificate', () => {
  let theirs: KeyAndCertificate;
  beforeAll(async () => {
    theirs = await attacker();
  });

  test("an attacker's certificate in KeyInfo does not verify, whatever name it bears", () => {
    const forged = signedBy(CLAIM, theirs);
    expect(certificateOf(theirs).subject).toBe(certificateOf(own).subject);
    expect(certificateOf(theirs).serial).toBe(certificateOf(own).serial);
    expect(check(forged)).toMatchObject({ state: 'untrusted', reason: 'other-certificate' });
    expect(checkSignature(forged, own).signed).toBeNull();
  });

  test("the facility's certificate in KeyInfo over an attacker's signature does not verify", () => {
    const inside = (key: KeyAndCertificate) =>
      /<X509Certificate>[^<]*/.exec(signedBy(CLAIM, key).toString())![0];
    const forged = signedBy(CLAIM, theirs).toString().replace(inside(theirs), inside(own));
    expect(reasonOf(forged)).toBe('invalid: signature-wrong');
  });

  test('without a certificate to compare with, nothing is valid', () => {
    expect(verifyClaimSignature(files.claim)).toMatchObject({
      state: 'untrusted',
      reason: 'no-certificate-given',
    });
    expect(verifyClaimSignature(Buffer.from(CLAIM), own)).toEqual({
      state: 'absent',
      profile: null,
      serial: null,
      subject: null,
      signedAt: null,
      reason: null,
    });
  });

  test('no certificate, or one that is none, inside', () => {
    const text = files.claim.toString();
    expect(reasonOf(text.replace(/<X509Certificate>[^<]*<\/X509Certificate>/, ''))).toBe(
      'invalid: no-certificate-inside',
    );
    expect(reasonOf(text.replace(/<X509Certificate>[^<]*/, '<X509Certificate>QUJD'))).toBe(
      'invalid: certificate-unusable',
    );
  });

  test('a paper that says it was signed when the certificate was not in force', async () => {
    const day = { from: new Date('2026-11-26T00:00:00Z'), to: new Date('2026-11-26T02:59:59Z') };
    const authority = makeAuthority('Thử', day, await makeKey());
    const late = makeCertificate(
      authority,
      { serial: '07', name: 'Thử', unit: '99001' },
      day,
      await makeKey(),
    );
    const verdict = (at: Date) => verifyClaimSignature(signedBy(PAPER, late, { at }), late);
    expect(verdict(SIGNED_AT)).toMatchObject({ state: 'untrusted', reason: 'signed-outside-validity' });
    expect(verdict(new Date('2026-11-26T02:59:59Z'))).toMatchObject({ state: 'valid' });
  });

  test('what is no certificate of ours to be', () => {
    expect(() => readCertificate('x')).toThrow(new CertificateError('not-a-certificate'));
    expect(() => verifyClaimSignature(files.claim, { certificate: 'x' })).toThrow(CertificateError);
  });
});

describe('signature wrapping', () => {
  const evil = CLAIM.replace('20261126', '20261225').replace(/^<\?xml[^>]*>/, '');
  const original = files.claim.toString().replace(/^<\?xml[^>]*>/, '');
  const signature = signatureOf(files.claim);

  const wrapped: Record<string, string> = {
    'the signed file hidden inside another': evil.replace(
      '<CHUKYDONVI></CHUKYDONVI>',
      `<X>${original}</X><CHUKYDONVI></CHUKYDONVI>`,
    ),
    'the signed file inside the slot of another': evil.replace(
      '<CHUKYDONVI></CHUKYDONVI>',
      `<CHUKYDONVI>${original}</CHUKYDONVI>`,
    ),
    'the signature moved to another file': evil.replace(
      '<CHUKYDONVI></CHUKYDONVI>',
      `<CHUKYDONVI>${signature}</CHUKYDONVI>`,
    ),
    'the signature beside the slot': original
      .replace(signature, '')
      .replace('<CHUKYDONVI>', `${signature}<CHUKYDONVI>`),
    'a second slot before': original.replace('<THONGTINHOSO>', '<CHUKYDONVI></CHUKYDONVI><THONGTINHOSO>'),
    'text in the slot': original.replace(signature, `x${signature}`),
    'an element in the slot': original.replace(signature, `${signature}<A></A>`),
    'two signatures': original.replace(signature, signature + signature),
    'two signatures, the second hidden in the first': original.replace(
      '</Signature>',
      `<Object>${signature}</Object></Signature>`,
    ),
  };
  test.each(Object.entries(wrapped))('profile A: %s', (_what, file) => {
    expect(check(file).state).toBe('invalid');
    expect(checkSignature(Buffer.from(file), own).signed).toBeNull();
  });

  const paper = files.paper.toString();
  const part = /<THONGTINHOSO [\s\S]*<\/THONGTINHOSO>/.exec(paper)![0];
  const evilPart = part.replace('20261126', '20261225');
  const papers: Record<string, string> = {
    'a second element with the same Id': paper.replace(part, part + evilPart),
    'the same, the false one first': paper.replace(part, evilPart + part),
    'the signed element moved into the signature': paper
      .replace(part, evilPart.replace(/Id="[^"]*"/, 'Id="b"'))
      .replace('</Signature>', `<Object>${part}</Object></Signature>`),
    'the signed element hidden in the unsigned head': paper
      .replace(part, evilPart.replace(/ Id="[^"]*"/, ''))
      .replace('</THONGTINDONVI>', `${part}</THONGTINDONVI>`),
    'an element beside the signed one': paper.replace(part, `${part}<THONGTINKHAC>1</THONGTINKHAC>`),
    'the same Id under another name of attribute': paper.replace(part, part + evilPart.replace('Id=', 'ID=')),
    'the signed element twice under one root': paper.replace(part, `<A>${part}</A>`),
  };
  test.each(Object.entries(papers))('profile B: %s', (_what, file) => {
    expect(check(file).state).toBe('invalid');
  });
});

describe('only these two profiles', () => {
  const text = files.claim.toString();
  const signedOtherwise = (change: (info: string) => string): string => {
    // Signed anew over the changed SignedInfo: the arithmetic is right, the profile is not.
    const prepared = prepareSignature(Buffer.from(CLAIM), certificateOf(own), {
      at: SIGNED_AT,
      id: 'S-0001',
    });
    const info = change(prepared.signedInfo.toString());
    const { head, ending } = prepared.finish(sign('sha256', Buffer.from(info), createPrivateKey(own.key)));
    const inside = info.replace(' xmlns="http://www.w3.org/2000/09/xmldsig#"', '');
    return head.toString() + ending.toString().replace(/<SignedInfo>[\s\S]*<\/SignedInfo>/, () => inside);
  };

  test('the control: signed anew without a change it is valid', () => {
    expect(reasonOf(signedOtherwise((info) => info))).toBe('valid: null');
  });

  const others: [string, (info: string) => string, string][] = [
    ['no transform', (info) => info.replace(/<Transforms>.*<\/Transforms>/, ''), 'wrong-profile'],
    [
      'a transform more',
      (info) =>
        info.replace(
          '</Transforms>',
          '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"></Transform></Transforms>',
        ),
      'wrong-profile',
    ],
    [
      'SHA-1',
      (info) =>
        info.replace('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'),
      'wrong-algorithm',
    ],
    [
      'HMAC',
      (info) => info.replace('2001/04/xmldsig-more#rsa-sha256', '2000/09/xmldsig#hmac-sha1'),
      'wrong-algorithm',
    ],
    [
      'exclusive canonical XML',
      (info) => info.replace('TR/2001/REC-xml-c14n-20010315', '2001/10/xml-exc-c14n#'),
      'wrong-algorithm',
    ],
    ['a part only', (info) => info.replace('URI=""', 'URI="#x"'), 'wrong-profile'],
    [
      'the reference twice',
      (info) => info.replace(/<Reference[\s\S]*<\/Reference>/, (one) => one + one),
      'wrong-profile',
    ],
  ];
  test.each(others)('%s is refused', (_what, change, reason) => {
    expect(reasonOf(signedOtherwise(change))).toBe(`invalid: ${reason}`);
  });

  test('a paper signed whole, and a claim signed by Id, are refused as the gateway refuses them', () => {
    const signer = new SignedXml({
      privateKey: own.key,
      publicCert: own.certificate,
      canonicalizationAlgorithm: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    });
    signer.addReference({
      xpath: '/*',
      isEmptyUri: true,
      uri: '',
      transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'],
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    });
    signer.computeSignature(PAPER, { location: { reference: '/*/*[last()]', action: 'append' } });
    expect(check(signer.getSignedXml())).toMatchObject({
      state: 'invalid',
      profile: 'A',
      reason: 'wrong-profile',
    });
    const renamed = signedBy(PAPER.replaceAll('HSCHUNGTU', 'HSKHAC'), own)
      .toString()
      .replaceAll('HSKHAC', 'GIAMDINHHS');
    expect(check(renamed)).toMatchObject({ state: 'invalid', profile: 'B', reason: 'wrong-profile' });
  });

  test('a file of another vendor: declared namespaces, pretty printed, canonical transform, prefix', () => {
    const vendor = CLAIM.replace(
      '<GIAMDINHHS>',
      '<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    ).replace(/></g, '>\n  <');
    const signer = new SignedXml({
      privateKey: own.key,
      publicCert: own.certificate,
      canonicalizationAlgorithm: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    });
    signer.addReference({
      xpath: '/*',
      isEmptyUri: true,
      uri: '',
      transforms: [
        'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
        'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      ],
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    });
    signer.computeSignature(vendor, {
      prefix: 'ds',
      location: { reference: '/*/*[last()]', action: 'append' },
    });
    const signed = signer.getSignedXml();
    expect(check(signed)).toMatchObject({ state: 'valid', profile: 'A', serial: '0A01' });
    expect(check(signed.replace('20261126', '20261127')).state).toBe('invalid');
    if (hasXmlsec()) expect(xmlsecVerifies(Buffer.from(signed), goldenAuthority())).toBe(true);
  });

  test('a document type is refused before anything is read', () => {
    const typed = text.replace('<GIAMDINHHS>', '<!DOCTYPE GIAMDINHHS [<!ENTITY a "b">]><GIAMDINHHS>');
    expect(reasonOf(typed)).toBe('invalid: document-type');
    expect(reasonOf('not XML')).toBe('invalid: not-well-formed');
    expect(reasonOf('')).toBe('invalid: not-well-formed');
  });
});
