import { createRequire } from 'node:module';
import { html, type Markup } from './html.ts';

interface Rect {
  readonly x: number;
  readonly y: number;
}
interface Encoder {
  readonly default: {
    measure(node: { qr: string; eccLevel: string; fit?: number }): { _canvas: Rect[]; _width: number };
  };
}

/** What bank apps expect of a VietQR code. */
export const QR_LEVEL = 'M';

/** The dark squares of a code on a grid of `size` × `size`, by pdfmake's own encoder, so that page and PDF are one. */
export function qrSquares(payload: string): { readonly size: number; readonly squares: readonly Rect[] } {
  const encoder = createRequire(import.meta.url)('pdfmake/js/qrEnc.js') as Encoder;
  // The encoder draws each square five points wide, on a background that comes first.
  const { _canvas, _width } = encoder.default.measure({ qr: payload, eccLevel: QR_LEVEL });
  return {
    size: _width / 5,
    squares: _canvas.slice(1).map(({ x, y }) => ({ x: x / 5, y: y / 5 })),
  };
}

/** With the quiet zone of four squares that scanners need. */
export function qrSvg(payload: string): Markup {
  const { size, squares } = qrSquares(payload);
  const path = squares.map(({ x, y }) => `M${x + 4} ${y + 4}h1v1h-1z`).join('');
  return html`<svg class="qr" viewBox="0 0 ${size + 8} ${size + 8}" shape-rendering="crispEdges" role="img"><path d="${path}"/></svg>`;
}
