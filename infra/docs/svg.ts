/** Pieces of a picture; they become SVG text. Coordinates and sizes are pixels. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  lines?: readonly string[];
  /** A class of the style below. */
  kind: 'panel' | 'service' | 'model' | 'engine' | 'client';
}

export const LINE_HEIGHT = 18;

/** A box with its text in the middle; a panel has its title at its top left, and room for other boxes. */
export const box = ({ x, y, width, height, title, lines = [], kind }: Box): string => {
  const frame = `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
  if (kind === 'panel') return [frame, text(x + 18, y + 26, title, 'title', 'start')].join('\n');
  const first = y + height / 2 - (lines.length * LINE_HEIGHT) / 2 + 5;
  return [
    frame,
    text(x + width / 2, first, title, 'title'),
    ...lines.map((line, index) => text(x + width / 2, first + (index + 1) * LINE_HEIGHT, line, 'line')),
  ].join('\n');
};

export const text = (
  x: number,
  y: number,
  content: string,
  kind: 'title' | 'line' | 'note',
  anchor = 'middle',
): string => `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(content)}</text>`;

/** A line through points, with a head at its end. */
export const arrow = (...points: readonly (readonly [x: number, y: number])[]): string =>
  `<polyline class="arrow" points="${points.map(([x, y]) => `${x},${y}`).join(' ')}" marker-end="url(#head)"/>`;

const escaped = (content: string): string => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const STYLE = `
text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif; fill: #1f2933; }
.title { font-size: 15px; font-weight: 600; }
.line { font-size: 13px; fill: #52606d; }
.note { font-size: 13px; font-style: italic; fill: #52606d; }
.page { fill: #ffffff; }
.panel { fill: #f5f7fa; stroke: #cbd2d9; }
.service { fill: #ffffff; stroke: #2f6fde; stroke-width: 1.5; }
.model { fill: #ffffff; stroke: #8a4fd3; stroke-width: 1.5; stroke-dasharray: 5 3; }
.engine { fill: #eef6ee; stroke: #3f9142; stroke-width: 1.5; }
.client { fill: #fff8e6; stroke: #cb8a14; stroke-width: 1.5; }
.arrow { fill: none; stroke: #616e7c; stroke-width: 1.8; }
.head { fill: #616e7c; }
@media (prefers-color-scheme: dark) {
text { fill: #e4e7eb; }
.line, .note { fill: #b6c2cf; }
.page { fill: #10161d; }
.panel { fill: #18212b; stroke: #3e4c59; }
.service, .model { fill: #10161d; }
.service { stroke: #6ea3ff; }
.model { stroke: #b98cf0; }
.engine { fill: #14251a; stroke: #63b566; }
.client { fill: #2a2212; stroke: #e0a83c; }
.arrow { stroke: #9aa5b1; }
.head { fill: #9aa5b1; }
}`;

/** The whole picture, readable on light and dark pages. */
export const picture = (width: number, height: number, title: string, pieces: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0 L10 5 L0 10 z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    ...pieces,
    '</svg>',
    '',
  ].join('\n');
