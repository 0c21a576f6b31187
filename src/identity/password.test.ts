import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { verify as Verify } from '@node-rs/argon2';

/** The real library, with a count of its calls: that work was done is asserted, never how long it took. */
const argon2 = await import('@node-rs/argon2');
const verify = jest.fn<typeof Verify>(argon2.verify);
jest.unstable_mockModule('@node-rs/argon2', () => ({ ...argon2, verify }));
const { hashPassword, isPassword, LONGEST, SHORTEST, weaknesses } = await import('./password.ts');

const someone = { username: 'nguyenvanmau', name: 'Lê Thị Mẫu' };
const said = (password: string, person = someone) =>
  weaknesses(password, person).map(({ message }) => message.replace('problem.place.password', ''));

describe('length comes first', () => {
  test.each([
    ['one less than the shortest', 'Zq7!kP2x#vL', ['Short']],
    ['the shortest', 'Zq7!kP2x#vLw', []],
    ['a common one that is short is told its length only', 'matkhau', ['Short']],
    ['the longest', `${'vải thiều chín '.repeat(3)}${'Wq3-'.repeat(30)}`.slice(0, LONGEST), []],
    ['one more than the longest', `${'Wq3-x'.repeat(25)}vaix`, ['Long']],
  ])('%s', (_name, password, expected) => {
    expect(said(password)).toEqual(expected);
  });

  test('characters count as people count them: composed or taken apart', () => {
    const composed = 'ậậ ộộ ửử ỹỹ';
    expect(Array.from(composed)).toHaveLength(SHORTEST - 1);
    expect(composed.normalize('NFD').length).toBeGreaterThan(SHORTEST);
    expect(said(composed.normalize('NFD'))).toEqual(['Short']);
    expect(said('🔑'.repeat(SHORTEST - 1))).toEqual(['Short']);
  });

  test('the answer says the limit and where', () => {
    expect(weaknesses('abc', someone)).toEqual([
      { pointer: '/next', message: 'problem.place.passwordShort', values: { shortest: SHORTEST } },
    ]);
  });
});

describe('what others would guess', () => {
  test.each([
    ['a common one with digits around it', 'password2026!', ['Common']],
    ['the keyboard', 'qwertyuiop12', ['Common']],
    ['a Vietnamese one', 'matkhau123456', ['Common']],
    ['with its marks', 'Mật Khẩu 1234', ['Common']],
    ['with đ', 'Mật-Khẩu-Đ-12', ['Common']],
    ['the place', 'BệnhViện2026!', ['Common']],
    ['two of the place', 'benhviennghean', ['Common']],
    ['four words of one’s own are good', 'cá kho tiêu làng Vũ', []],
    ['one character', 'aaaaaaaaaaaa', ['Repeats']],
    ['a piece', 'xqz9xqz9xqz9', ['Repeats']],
    ['a longer piece twice', 'tXq9!mtXq9!m', ['Repeats']],
    ['up', '345678901234', ['Repeats']],
    ['down', 'zyxwvutsrqpo', ['Repeats']],
    ['nearly', '123456789013x9', []],
    ['one’s username', 'xx-nguyenvanmau-7', ['NamesYou']],
    ['one’s whole name without spaces', 'lethimau-9-vb', ['NamesYou']],
  ])('%s', (_name, password, expected) => {
    expect(said(password)).toEqual(expected);
  });

  test.each([
    ['one’s name with marks', 'Hạnh phúc 2 lần', { username: 'dt.hanh', name: 'Đỗ Thị Hạnh' }, ['NamesYou']],
    ['without marks', 'toi la hanh 77', { username: 'dt.h', name: 'Đỗ Thị Hạnh' }, ['NamesYou']],
    ['a part of the username', 'xx tiepdon xx', { username: 'tiepdon.40021', name: 'A B' }, ['NamesYou']],
    ['a name of three letters is no clue', 'an com nong 77', { username: 'lta', name: 'Lê An' }, []],
  ])('%s', (_name, password, person, expected) => {
    expect(said(password, person)).toEqual(expected);
  });
});

describe('argon2id', () => {
  beforeEach(() => void verify.mockClear());

  test('opens with its password, composed or taken apart, and with no other', async () => {
    const hash = await hashPassword('một ngày ở tỉnh'.normalize('NFC'));
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await isPassword(hash, 'một ngày ở tỉnh'.normalize('NFD'))).toBe(true);
    expect(await isPassword(hash, 'mot ngay o tinh')).toBe(false);
    expect(await isPassword(hash, '')).toBe(false);
  });

  test('the same password is stored differently each time', async () => {
    expect(await hashPassword('vườn cam sau nhà')).not.toBe(await hashPassword('vườn cam sau nhà'));
  });

  test('an account without a password costs the same work, with the same settings, and never opens', async () => {
    expect(await isPassword(null, 'nobody has this password')).toBe(false);
    expect(verify).toHaveBeenCalledTimes(1);
    expect(verify.mock.calls[0]?.[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});
