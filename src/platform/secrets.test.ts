import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createSecretBox, UnknownKey } from './secrets.ts';
import { normalised } from './text.ts';

const [old, current] = [randomBytes(32), randomBytes(32)];
const TEXT = 'mật khẩu';

/** As 0.1.0 sealed: `nonce | tag | text`, no key named. */
function sealedBeforeKeysHadIds(key: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(TEXT, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

test('what is sealed opens with the same key only, unchanged only', () => {
  const box = createSecretBox(current);
  const sealed = box.seal(TEXT);
  expect(box.open(sealed)).toBe(TEXT);
  expect(sealed.includes(Buffer.from(TEXT))).toBe(false);
  expect(box.seal(TEXT).equals(sealed)).toBe(false);
  expect(() => createSecretBox(old).open(sealed)).toThrow(UnknownKey);
  for (let place = 0; place < sealed.length; place += 1) {
    const changed = Buffer.from(sealed);
    changed[place]! ^= 1;
    expect(() => box.open(changed)).toThrow();
    expect(() => box.open(sealed.subarray(0, place))).toThrow();
  }
  expect(() => createSecretBox(randomBytes(16))).toThrow(RangeError);
});

test('the current key seals, the previous one still opens, and a value says which it was', () => {
  const box = createSecretBox(current, old);
  const before = createSecretBox(old).seal(TEXT);
  expect(box.open(before)).toBe(TEXT);
  expect(box.seal(TEXT).subarray(0, box.mark.length)).toEqual(box.mark);
  expect(before.subarray(0, box.mark.length)).toEqual(createSecretBox(old).mark);
  expect(createSecretBox(old).mark).not.toEqual(box.mark);
  expect(createSecretBox(current).open(box.seal(TEXT))).toBe(TEXT);
  expect(() => createSecretBox(old).open(box.seal(TEXT))).toThrow(UnknownKey);
});

test('values from before keys had ids stay readable, by whichever key sealed them', () => {
  expect(createSecretBox(current).open(sealedBeforeKeysHadIds(current))).toBe(TEXT);
  expect(createSecretBox(current, old).open(sealedBeforeKeysHadIds(old))).toBe(TEXT);
  expect(() => createSecretBox(current).open(sealedBeforeKeysHadIds(old))).toThrow(UnknownKey);
});

test('text is composed and trimmed, all the way down', () => {
  expect(normalised({ name: ' Nguyễn ', list: [{ a: 'e\u0302' }], n: 1, none: null })).toEqual({
    name: 'Nguyễn',
    list: [{ a: 'ê' }],
    n: 1,
    none: null,
  });
});
