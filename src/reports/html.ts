import { createHash } from 'node:crypto';
import type { Language } from '../messages/index.ts';
import { escapeHtml } from '../platform/http/index.ts';

/** Markup that is already safe. Only `html` makes it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
type Part = Markup | string | number | null | undefined | false | readonly Part[];

/** A template whose values are escaped, but for what a template made before; lists are joined, nothing is left out. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, index) => text + rendered(parts[index - 1]) + string));
}

function rendered(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(rendered).join('');
  return part === null || part === undefined || part === false ? '' : escapeHtml(part);
}

/** A page to be printed, with the policy that lets a browser load nothing but its own style. */
export interface PrintedPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** @param style of our own; nothing from outside may stand in it */
export function printedPage(
  title: string,
  style: string,
  body: Markup,
  language: Language = 'vi',
): PrintedPage {
  const hash = createHash('sha256').update(style).digest('base64');
  const head = html`<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${new Markup(style)}</style></head>`;
  return {
    html: `<!doctype html>\n<html lang="${language}">${head.text}<body>${body.text}</body></html>\n`,
    contentSecurityPolicy: `default-src 'none';style-src 'sha256-${hash}';base-uri 'none';form-action 'none';frame-ancestors 'none'`,
  };
}
