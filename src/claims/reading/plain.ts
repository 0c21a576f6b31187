import type { Children, Node } from './tree.ts';

/** Every official element; also no name that means something to an object. */
const NAME = /^[A-Z][A-Z0-9_]*$/;
/** The declaration that nearly everybody writes, and white space as XML knows it. */
const DECLARATION =
  /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"(?:utf|UTF)-8"|'(?:utf|UTF)-8'))?[ \t\n]?\?>/;
const BLANK = /^[ \t\n]*$/;
/** References, CDATA, comments and document types; the end of CDATA; line ends that would have to be made one. */
const NOT_PLAIN = /[&\r]|<!|\]\]>/;

interface Open {
  readonly name: string;
  readonly children: Record<string, Node>;
  hasChildren: boolean;
  text: string;
}

const opened = (name: string): Open => ({ name, children: {}, hasChildren: false, text: '' });

/** Which element came after which: rows are written alike, so that a name seldom has to be read letter by letter. */
const followers = new Map<string, string>();
const MOST_FOLLOWERS = 5_000;

/**
 * The tree of a document that holds nothing but elements without attributes and text without references, as nearly all
 * claim tables do: many times as fast as the parser for every document, and the same tree (held by a property). A text
 * of characters that XML can hold for which this answers is well-formed (held by a property, too).
 * @param many names of elements that come as a list even when there is one
 * @returns undefined when the document is anything else: then the other parser reads it, or says what is wrong
 */
export function parsePlain(xml: string, many: ReadonlySet<string>, maxDepth: number): Children | undefined {
  if (NOT_PLAIN.test(xml)) return undefined;
  let at = 0;
  if (xml.startsWith('<?')) {
    const declaration = DECLARATION.exec(xml);
    if (!declaration) return undefined;
    at = declaration[0].length;
  }
  const root = opened('');
  const stack: Open[] = [root];
  let [top, roots, before] = [root, 0, ''];
  for (let start = xml.indexOf('<', at); start >= 0; start = xml.indexOf('<', at)) {
    if (start > at) top.text += xml.slice(at, start);
    if (xml.charCodeAt(start + 1) === SLASH) {
      if (stack.length === 1 || !isEndOf(top.name, xml, start)) return undefined;
      at = start + top.name.length + 3;
      stack.pop();
      const parent = stack.at(-1)!;
      append(parent, top.name, nodeOf(top), many);
      top = parent;
      continue;
    }
    const name = nameAt(xml, start + 1, before);
    if (name === undefined || stack.length > maxDepth) return undefined;
    before = name;
    if (top === root) roots += 1;
    const end = start + 1 + name.length;
    if (xml.charCodeAt(end) === SLASH) {
      append(top, name, '', many);
      at = end + 2;
      continue;
    }
    at = end + 1;
    // Most elements hold text and nothing else.
    const close = xml.indexOf('<', at);
    if (close >= 0 && isEndOf(name, xml, close)) {
      append(top, name, xml.slice(at, close), many);
      at = close + name.length + 3;
    } else {
      top = opened(name);
      stack.push(top);
    }
  }
  const isWhole = stack.length === 1 && roots === 1 && BLANK.test(root.text) && BLANK.test(xml.slice(at));
  return isWhole ? root.children : undefined;
}

const SLASH = 47;
const GREATER = 62;

/** Does `</NAME>` stand there? */
const isEndOf = (name: string, xml: string, at: number): boolean =>
  xml.charCodeAt(at + 1) === SLASH &&
  xml.startsWith(name, at + 2) &&
  xml.charCodeAt(at + 2 + name.length) === GREATER;

/** The name of a start tag or an empty element; undefined for one that is none of ours. */
function nameAt(xml: string, from: number, before: string): string | undefined {
  const guess = followers.get(before);
  if (guess !== undefined && xml.startsWith(guess, from) && endsAt(xml, from + guess.length)) return guess;
  const end = xml.indexOf('>', from);
  if (end < 0) return undefined;
  const name = xml.slice(from, xml.charCodeAt(end - 1) === SLASH ? end - 1 : end);
  if (!NAME.test(name)) return undefined;
  if (followers.size < MOST_FOLLOWERS) followers.set(before, name);
  return name;
}

const endsAt = (xml: string, at: number): boolean => {
  const code = xml.charCodeAt(at);
  return code === GREATER || (code === SLASH && xml.charCodeAt(at + 1) === GREATER);
};

function nodeOf({ children, hasChildren, text }: Open): Node {
  if (!hasChildren) return text;
  if (text !== '') children['#text'] = text;
  return children;
}

function append(parent: Open, name: string, value: Node, many: ReadonlySet<string>): void {
  const { children } = parent;
  parent.hasChildren = true;
  const before = children[name];
  if (before === undefined) children[name] = many.has(name) ? [value] : value;
  else if (Array.isArray(before)) (before as Node[]).push(value);
  else children[name] = [before, value];
}
