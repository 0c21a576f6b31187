import { describe, expect, test } from '@jest/globals';
import { LANGUAGES } from '../messages/index.ts';
import {
  BUILD_OBSTACLES,
  ClaimReadError,
  explainObstacle,
  READ_FINDINGS,
  VALUE_FORMS,
  WRITE_FINDINGS,
} from './errors.ts';

/** Whatever a finding may say of itself. */
const DETAILS = {
  place: 'XML1/1/NGAY_SINH',
  form: 'day',
  expected: 1,
  count: 2,
  max: 3,
  length: 4,
  line: 5,
  day: 'x',
  rules: 'PAT_PHONE',
};
/** Signs of a pattern, a key or a gap that was not filled. */
const FOR_MACHINES = /[\^${}\\]|\[0|claims\.|undefined/;

describe.each(LANGUAGES)('people are told in %s', (language) => {
  test.each([...new Set([...BUILD_OBSTACLES, ...WRITE_FINDINGS, ...READ_FINDINGS])])(
    'why no claim could be made: %s',
    (reason) => {
      const said = explainObstacle(language, reason, DETAILS);
      expect(said).toMatch(/^.{20,}\.$/);
      expect(said).not.toMatch(FOR_MACHINES);
      expect(said).not.toContain(reason);
    },
  );

  test('also of a reason from another time', () => {
    expect(explainObstacle(language, 'of-old', {})).toMatch(/\(of-old\)/);
  });

  test.each(VALUE_FORMS)('what a value must look like: %s', (form) => {
    const said = new ClaimReadError('bad-format', { field: 'SO_LUONG_HO_SO' }, { form }).explain(language);
    expect(said).toMatch(/^SO_LUONG_HO_SO .{10,}\.$/);
    expect(said).not.toMatch(FOR_MACHINES);
  });
});

test('the place comes first, then what it must be', () => {
  const said = explainObstacle('vi', 'bad-format', { place: 'XML1/1/NGAY_SINH', form: 'minute' });
  expect(said).toBe('XML1/1/NGAY_SINH phải là ngày giờ viết liền 12 chữ số, ví dụ 202611240830.');
});
