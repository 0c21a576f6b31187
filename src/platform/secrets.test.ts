import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createSecretBox } from './secrets.ts';
import { normalised } from './text.ts';

test('what is sealed opens with the same key only, unchanged only', () => {
  const key = randomBytes(32);
  const box = createSecretBox(key);
  const sealed = box.seal('mật khẩu');
  expect(box.open(sealed)).toBe('mật khẩu');
  expect(sealed.includes(Buffer.from('mật khẩu'))).toBe(false);
  expect(box.seal('mật khẩu').equals(sealed)).toBe(false);
  expect(() => createSecretBox(randomBytes(32)).open(sealed)).toThrow();
  const changed = Buffer.from(sealed);
  changed[changed.length - 1]! ^= 1;
  expect(() => box.open(changed)).toThrow();
  expect(() => createSecretBox(randomBytes(16))).toThrow(RangeError);
});

test('text is composed and trimmed, all the way down', () => {
  expect(normalised({ name: ' Nguyễn ', list: [{ a: 'e\u0302' }], n: 1, none: null })).toEqual({
    name: 'Nguyễn',
    list: [{ a: 'ê' }],
    n: 1,
    none: null,
  });
});
