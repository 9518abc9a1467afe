import { once } from 'node:events';
import PdfDocument from 'pdfkit';
import type { Layout } from './layout.js';

const POINTS_PER_MM = 72 / 25.4;
/** A4, in millimetres. */
const PAGE = { width: 210, height: 297 };
const MARGIN = 8;
const GAP = 4;

/** A sheet of more is a print job of its own. */
export const MAX_SHEET_LABELS = 2_000;

/** Labels on sheets of A4 at their true size, in rows from the top left. Throws RangeError for one larger than a page. */
export async function toPdf(layouts: readonly Layout[]): Promise<Uint8Array> {
  if (layouts.length > MAX_SHEET_LABELS) throw new RangeError(`at most ${MAX_SHEET_LABELS} labels a sheet`);
  // The same labels give the same bytes: no clock in the file.
  const described = { Producer: 'custos', Creator: 'custos', CreationDate: new Date(0) };
  const document = new PdfDocument({ autoFirstPage: false, margin: 0, info: described });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(document, 'end');
  const places = new Places(() => document.addPage({ size: [points(PAGE.width), points(PAGE.height)], margin: 0 }));
  for (const layout of layouts) draw(document, layout, places.next(layout));
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The position of the next label, in millimetres. */
class Places {
  private x = MARGIN;
  private y = MARGIN;
  private rowHeight = 0;
  private started = false;

  constructor(private readonly addPage: () => void) {}

  next({ module, width, height }: Layout): Place {
    const [w, h] = [width * module, height * module];
    if (w > PAGE.width - 2 * MARGIN || h > PAGE.height - 2 * MARGIN)
      throw new RangeError('the label is larger than A4');
    if (this.started && this.x + w > PAGE.width - MARGIN) {
      this.x = MARGIN;
      this.y += this.rowHeight + GAP;
      this.rowHeight = 0;
    }
    if (!this.started || this.y + h > PAGE.height - MARGIN) {
      this.addPage();
      Object.assign(this, { x: MARGIN, y: MARGIN, rowHeight: 0, started: true });
    }
    const place = { x: this.x, y: this.y };
    this.x += w + GAP;
    this.rowHeight = Math.max(this.rowHeight, h);
    return place;
  }
}

function draw(document: PDFKit.PDFDocument, { module, boxes, lines }: Layout, { x, y }: Place): void {
  const unit = points(module);
  document.save().translate(points(x), points(y)).scale(unit).fillColor('black');
  for (const box of boxes) document.rect(box.x, box.y, box.width, box.height);
  document.fill();
  document.font('Courier');
  for (const { x: left, y: baseline, size, text } of lines) {
    document.fontSize(size).text(text, left, baseline, { baseline: 'alphabetic', lineBreak: false });
  }
  document.restore();
}

function points(mm: number): number {
  return mm * POINTS_PER_MM;
}
