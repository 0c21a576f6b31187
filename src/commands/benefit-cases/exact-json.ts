/**
 * Reads JSON in which every number stays the decimal that was written: `3.10` is "3.1", never a binary float.
 * @returns numbers as plain decimal text, everything else as JSON has it
 * @throws SyntaxError for what is not JSON, RangeError for a number too long or too deep a nesting
 */
export function parseExactJson(json: string): unknown {
  return JSON.parse(json.replace(/^\uFEFF/, ''), exactNumber as (key: string, value: unknown) => unknown);
}

function exactNumber(_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return typeof value === 'number' ? plain(source ?? '') : value;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Without exponent and without needless zeros. */
function plain(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  const places = fraction.length - Number(exponent);
  if (whole === '' || Math.abs(places) > 40)
    throw new RangeError(`${source.slice(0, 40)} is no number of use`);
  const digits = (places < 0 ? `${whole}${fraction}${'0'.repeat(-places)}` : `${whole}${fraction}`).padStart(
    places + 1,
    '0',
  );
  const [integer, rest] = places > 0 ? [digits.slice(0, -places), digits.slice(-places)] : [digits, ''];
  const text = `${integer.replace(/^0+(?=\d)/, '')}${rest.replace(/0+$/, '') ? `.${rest.replace(/0+$/, '')}` : ''}`;
  return text === '0' ? text : `${sign}${text}`;
}
