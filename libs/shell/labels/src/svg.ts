import type { Layout } from './layout.js';

/** The label at its true size; text stays text. */
export function toSvg({ module, width, height, boxes, lines }: Layout): string {
  const path = boxes.map(({ x, y, width: w, height: h }) => `M${x} ${y}h${w}v${h}h-${w}z`).join('');
  const texts = lines.map(
    ({ x, y, size, text }) =>
      `<text x="${short(x)}" y="${short(y)}" font-size="${short(size)}">${escaped(text)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width * module)}mm" height="${short(height * module)}mm" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<path d="${path}" fill="#000" shape-rendering="crispEdges"/>`,
    `<g font-family="OCR-B, OCRB, 'DejaVu Sans Mono', monospace" fill="#000" xml:space="preserve">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function short(number: number): string {
  return String(Math.round(number * 1_000) / 1_000);
}

function escaped(text: string): string {
  return text.split('&').join('&amp;').split('<').join('&lt;').split('>').join('&gt;');
}
