import type { Random } from '../../src/demo/visits/random.ts';

/** Pieces that parsers have stumbled over, each put anywhere. */
const HOSTILE: readonly string[] = [
  '<!DOCTYPE a [<!ENTITY e "x">]>',
  '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>&c;',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<!ENTITY % x SYSTEM "http://127.0.0.1/">',
  '&xxe;',
  '&#0;',
  '&#x1F;',
  '&#xD800;',
  '&#1114112;',
  '&#99999999999999999999;',
  '&',
  '&amp',
  '<![CDATA[',
  ']]>',
  '<![CDATA[<MA_LK>1</MA_LK>]]>',
  '<!--',
  '-- -->',
  '<?xml version="1.0"?>',
  '<?php echo 1 ?>',
  '<__proto__>1</__proto__>',
  '<constructor><prototype>1</prototype></constructor>',
  '<toString>1</toString>',
  '<hasOwnProperty/>',
  '</HOSO>',
  '<HOSO>',
  '<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO></FILEHOSO>',
  '<LOAIHOSO>XML99</LOAIHOSO>',
  "<a xmlns=\"urn:x\" b='1' b='2'/>",
  '<a b=1>',
  '\u0000',
  '\uFEFF',
  '\u2028',
  '\uFFFE',
  '😀',
  '1e999',
  '-0',
  'NaN',
  '٣',
  '99999999999999999999999999999999',
  '0.1.2',
  '20261399',
  '202611240860',
];
const HUGE = 200_000;

/** A claim file of the samples, changed once or several times; every input of a seed is the same again. */
export function mutated(samples: readonly Buffer[], random: Random, index: number): Buffer {
  const sample = random.pick(samples);
  if (index % 50 === 0) return flooded(sample, random);
  // Half of the inputs are changed inside one of the documents that the envelope holds as base64.
  const whole = random.chance(0.5) ? changedInside(sample.toString('utf8'), random) : sample;
  const text = typeof whole === 'string' ? whole : whole.toString('utf8');
  const changed = random.chance(0.7) ? times(text, random, changedText) : text;
  const bytes = Buffer.from(changed, 'utf8');
  return random.chance(0.2) ? changedBytes(bytes, random) : bytes;
}

function times(text: string, random: Random, change: (text: string, random: Random) => string): string {
  let changed = text;
  for (let left = random.int(1, 3); left > 0; left -= 1) changed = change(changed, random);
  return changed;
}

function changedInside(text: string, random: Random): string {
  const documents = [...text.matchAll(/<NOIDUNGFILE>([^<]*)<\/NOIDUNGFILE>/g)];
  if (documents.length === 0) return text;
  const [whole, base64 = ''] = random.pick(documents);
  const inner = times(Buffer.from(base64, 'base64').toString('utf8'), random, changedText);
  const again = random.chance(0.05) ? inner : Buffer.from(inner, 'utf8').toString('base64');
  return text.replace(whole, () => `<NOIDUNGFILE>${again}</NOIDUNGFILE>`);
}

function changedText(text: string, random: Random): string {
  const at = random.int(0, text.length);
  const to = Math.min(text.length, at + random.int(1, 60));
  const tags = [...text.matchAll(/<(\/?)([A-Z_0-9]+)>/g)];
  switch (random.int(0, 8)) {
    case 0:
      return text.slice(0, at) + random.pick(HOSTILE) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, to) + text.slice(at);
    case 3:
      return text.slice(0, at);
    case 4: {
      // An element's text becomes something else.
      const fields = [...text.matchAll(/>([^<>]+)</g)];
      if (fields.length === 0) return text;
      const { index, 1: value = '' } = random.pick(fields);
      return text.slice(0, index + 1) + random.pick(HOSTILE) + text.slice(index + 1 + value.length);
    }
    case 5: {
      // A tag gets another name, so it no longer closes, or closes another.
      if (tags.length === 0) return text;
      const { index, 0: tag } = random.pick(tags);
      const [, slash = '', name = ''] = random.pick(tags);
      return `${text.slice(0, index)}<${slash}${name}>${text.slice(index + tag.length)}`;
    }
    case 6: {
      // Two pieces change places.
      const other = random.int(0, text.length);
      const [first, second] = at < other ? [at, other] : [other, at];
      return (
        text.slice(0, first) +
        text.slice(second, second + 40) +
        text.slice(first, second) +
        text.slice(second + 40)
      );
    }
    case 7:
      return text.replace(
        /encoding="[^"]*"/,
        `encoding="${random.pick(['utf-16', 'latin1', 'UTF-8', '', 'utf-8 '])}"`,
      );
    default:
      return text.replace(
        /<SOLUONGHOSO>[^<]*/,
        `<SOLUONGHOSO>${random.pick(['0', '2', '-1', '1e3', '', '999999'])}`,
      );
  }
}

function changedBytes(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let left = random.int(1, 20); left > 0 && changed.length > 0; left -= 1)
    changed[random.int(0, changed.length - 1)] = random.int(0, 255);
  return changed;
}

/** Much of one thing: what is linear ends at once, what is not does not. */
function flooded(sample: Buffer, random: Random): Buffer {
  const text = sample.toString('utf8');
  const inside = random.chance(0.5);
  const [opening, closing] = random.pick<readonly [string, string]>([
    ['<a>'.repeat(HUGE), '</a>'.repeat(HUGE)],
    ['<a>'.repeat(HUGE), ''],
    ['<a', ''],
    [`<a ${'b="1" '.repeat(HUGE)}/>`, ''],
    ['<!--'.repeat(HUGE), ''],
    [`<!--${'-'.repeat(HUGE)}`, '-->'],
    ['<![CDATA['.repeat(HUGE), ''],
    ['&amp;'.repeat(HUGE), ''],
    ['&'.repeat(HUGE), ''],
    ['&#1'.repeat(HUGE), ''],
    [' '.repeat(HUGE), ''],
    [']'.repeat(HUGE), ''],
    ['<?a '.repeat(HUGE), ''],
    [`<${'x'.repeat(HUGE)}>`, ''],
    ['<a/>'.repeat(HUGE), ''],
    [`"'`.repeat(HUGE), ''],
  ]);
  const flood = (into: string) => {
    const at = into.indexOf('>', random.int(0, into.length)) + 1;
    return into.slice(0, at) + opening + closing + into.slice(at);
  };
  if (!inside) return Buffer.from(flood(text));
  return Buffer.from(
    text.replace(/<NOIDUNGFILE>([^<]*)/, (_, base64: string) => {
      const inner = flood(Buffer.from(base64, 'base64').toString('utf8'));
      return `<NOIDUNGFILE>${Buffer.from(inner).toString('base64')}`;
    }),
  );
}
