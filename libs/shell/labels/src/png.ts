import { crc32, deflateSync } from 'node:zlib';
import bwip from 'bwip-js';
import type { Layout, TextLine } from './layout.js';

/** Eight bits a dot: 0 = black, 255 = white. */
interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;
}

const MM_PER_INCH = 25.4;
const FACE = 'OCR-B';

/** Printers of labels make 203 to 600 dots an inch; below, modules are too few dots to be read. */
export const MIN_DPI = 150;
/** Highest resolution of a PNG, in dots per inch. */
export const MAX_DPI = 1_200;

/**
 * The label as a grey PNG near a resolution: a module is a whole number of dots, and the file says how large a dot is, so
 * that it prints at its true size.
 */
export function toPng(layout: Layout, dpi: number): Uint8Array {
  const dots = Math.max(1, Math.round((layout.module * dpi) / MM_PER_INCH));
  const bitmap: Bitmap = {
    width: layout.width * dots,
    height: layout.height * dots,
    dots: new Uint8Array(layout.width * layout.height * dots * dots).fill(255),
  };
  for (const { x, y, width, height } of layout.boxes) {
    for (let row = y * dots; row < (y + height) * dots; row++) {
      const start = row * bitmap.width + x * dots;
      bitmap.dots.fill(0, start, start + width * dots);
    }
  }
  for (const line of layout.lines) write(bitmap, line, dots);
  return encode(bitmap, Math.round((dots / layout.module) * 1_000));
}

function write(bitmap: Bitmap, { x, y, size, text }: TextLine, scale: number): void {
  const face = bwip.FontLib.lookup(FACE);
  const em = Math.round(size * scale);
  let left = Math.round(x * scale);
  for (const character of text) {
    const glyph = bwip.FontLib.getglyph(face, character.charCodeAt(0), em, em);
    const top = Math.round(y * scale) - glyph.top;
    for (let i = 0; i < glyph.width * glyph.height; i++) {
      const [column, row] = [left + glyph.left + (i % glyph.width), top + Math.floor(i / glyph.width)];
      if (column < 0 || column >= bitmap.width || row < 0 || row >= bitmap.height) continue;
      const at = row * bitmap.width + column;
      bitmap.dots[at] = Math.min(bitmap.dots[at]!, 255 - glyph.bytes[glyph.offset + i]!);
    }
    left += glyph.advance;
  }
}

// ISO/IEC 15948: signature, header, size of a dot, one block of deflated rows, end.
function encode({ width, height, dots }: Bitmap, perMetre: number): Uint8Array {
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++) rows.set(dots.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const size = Buffer.alloc(9);
  size.writeUInt32BE(perMetre, 0);
  size.writeUInt32BE(perMetre, 4);
  size.writeUInt8(1, 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [
    chunk('IHDR', header),
    chunk('pHYs', size),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
