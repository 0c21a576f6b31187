/** A small tree of elements, printed with indentation: for schemas that people read. */
export interface Markup {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly Markup[] | string;
}

export const markup = (
  name: string,
  attributes: Markup['attributes'] = {},
  content: Markup['content'] = [],
): Markup => ({ name, attributes, content });

export const xmlText = (root: Markup): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${printed(root, '')}`;

function printed({ name, attributes, content }: Markup, indent: string): string {
  const named = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const open = `${indent}<${name}${named.join('')}`;
  if (content.length === 0) return `${open}/>\n`;
  if (typeof content === 'string') return `${open}>${escaped(content)}</${name}>\n`;
  return `${open}>\n${content.map((child) => printed(child, `${indent} `)).join('')}${indent}</${name}>\n`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
