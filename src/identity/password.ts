import { hash, verify } from '@node-rs/argon2';
import { dictionary } from '@zxcvbn-ts/language-common';
import type { ProblemPlace } from '../platform/problem.ts';

/** argon2id with 19 MiB and two passes, the first recommendation of OWASP's password storage sheet: about 30 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
export const SHORTEST = 12;
export const LONGEST = 128;

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), COST);
}

let decoy: Promise<string> | undefined;

/** False for an account without a password too, after the same work: the answer's time tells nothing. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const matches = await verify(stored ?? (await decoy), password.normalize('NFC'));
  return stored !== null && matches;
}

/** Words that many people here would think of; the list of common passwords of the world comes on top. */
const LOCAL_WORDS = ['matkhau', 'benhvien', 'tramyte', 'bacsi', 'yte', 'nghean', 'vietnam', 'lienthong'];
const COMMON: ReadonlySet<string> = new Set([...dictionary['passwords-common'], ...LOCAL_WORDS]);
const SHORTEST_PART = 4;

/**
 * Length first, then what others would guess: common passwords (also with digits and signs around them), the person's
 * own names, one character or one run repeated. No rule about kinds of characters. Empty = good.
 * @source NIST SP 800-63B-4, 3.1.1
 */
export function weaknesses(password: string, person: { username: string; name: string }): ProblemPlace[] {
  const place = (message: string, values = {}): ProblemPlace => ({ pointer: '/next', message, values });
  const length = Array.from(password.normalize('NFC')).length;
  if (length < SHORTEST) return [place('problem.place.passwordShort', { shortest: SHORTEST })];
  if (length > LONGEST) return [place('problem.place.passwordLong', { longest: LONGEST })];
  const plain = plainLetters(password);
  const core = plain.replace(/[^a-z]+/g, '');
  const names = person.name.split(/\s+/);
  const own = [person.username, ...person.username.split(/[._-]/), names.join(''), ...names].map(
    plainLetters,
  );
  const found: ProblemPlace[] = [];
  if (isCommon(plain) || isCommon(core)) found.push(place('problem.place.passwordCommon'));
  if (isRepeated(plain)) found.push(place('problem.place.passwordRepeats'));
  if (own.some((part) => part.length >= SHORTEST_PART && (plain.includes(part) || core.includes(part))))
    found.push(place('problem.place.passwordNamesYou'));
  return found;
}

const plainLetters = (text: string) =>
  text.toLowerCase().replaceAll('đ', 'd').normalize('NFD').replace(/\p{M}/gu, '');

/** The whole is a common password, or local words with less than five characters around them. */
function isCommon(text: string): boolean {
  if (COMMON.has(text)) return true;
  const rest = LOCAL_WORDS.reduce((left, word) => left.replaceAll(word, ''), text);
  return rest.length < text.length && rest.length <= SHORTEST_PART;
}

/** `aaaa…`, `abcabc…`, `12345678…`: a short piece again and again, or each character one step after the one before. */
function isRepeated(text: string): boolean {
  for (let size = 1; size < SHORTEST && size * 2 <= text.length; size += 1)
    if (
      text ===
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .slice(0, text.length)
    )
      return true;
  const steps = Array.from(text.slice(1), (char, index) => char.charCodeAt(0) - text.charCodeAt(index));
  return (
    steps.filter((step) => step === steps[0]).length >= steps.length - 2 && Math.abs(steps[0] ?? 0) === 1
  );
}
