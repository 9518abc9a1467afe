import { readFileSync } from 'node:fs';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { labelOf, layOut, toPdf, toPng, toSvg, type LabelOptions } from './index.js';

const PACK = '(01)04012345000016(17)270331(10)L1/%(21)A1B2';
const UNIT = '(00)340123450000000000';

/** Nine elements of 90 characters that a link writes with three each. */
const LONG = `(01)04012345000016${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `(9${i})${'%'.repeat(90)}`).join('')}`;

beforeAll(async () => {
  const wasmBinary = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasmBinary).buffer } });
  await initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
});

const layoutOf = (code: string, options: LabelOptions) => {
  const label = labelOf(code, options);
  if (!label.ok) throw new Error(JSON.stringify(label.malformed));
  return layOut(label.value);
};

/** Pixels as a canvas of a browser holds them. */
interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Returns the text that a scanner sends for every symbol in an image, from top to bottom. */
async function scan(image: Uint8Array | Picture): Promise<readonly string[]> {
  const found = await readBarcodes(image as Uint8Array, { tryHarder: true });
  return [...found]
    .sort((a, b) => a.position.topLeft.y - b.position.topLeft.y || a.position.topLeft.x - b.position.topLeft.x)
    .map(({ symbologyIdentifier, bytes }) => symbologyIdentifier + Buffer.from(bytes).toString('latin1'));
}

const pngOf = (svg: string) => new Resvg(svg, { fitTo: { mode: 'zoom', value: 4 } }).render().asPng();

async function pagesOf(pdf: Uint8Array): Promise<readonly Picture[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  const pages: Picture[] = [];
  for (const page of document.pages()) {
    const { data, width, height } = await page.render({ scale: 4, render: 'bitmap' });
    // PDFium gives blue first; black and white are the same either way.
    pages.push({ data: new Uint8ClampedArray(data), width, height });
  }
  document.destroy();
  library.destroy();
  return pages;
}

const CASES: readonly (readonly [string, LabelOptions, string, readonly string[]])[] = [
  ['a pack', { kind: 'datamatrix' }, PACK, [']d20104012345000016' + '1727033110L1/%\u001d21A1B2']],
  ['a case', { kind: 'datamatrix', size: 'case' }, PACK, [']d20104012345000016' + '1727033110L1/%\u001d21A1B2']],
  [
    'a pack by link',
    { kind: 'qr', stem: 'https://id.example.com' },
    PACK,
    [']Q1https://id.example.com/01/04012345000016/10/L1%2F%25/21/A1B2?17=270331'],
  ],
  ['a pallet', { kind: 'sscc' }, UNIT, [']C100340123450000000000']],
  [
    'a pallet and what is in it',
    { kind: 'sscc' },
    `${UNIT}(02)04012345000016(37)12(10)L1`,
    [']C10204012345000016' + '3712\u001d10L1', ']C100340123450000000000'],
  ],
];

describe('a label is read back by a scanner', () => {
  it.each(CASES)('PNG of %s', async (_name, options, code, sent) => {
    expect(await scan(toPng(layoutOf(code, options), 300))).toEqual(sent);
  });

  it.each(CASES)('SVG of %s', async (_name, options, code, sent) => {
    expect(await scan(pngOf(toSvg(layoutOf(code, options))))).toEqual(sent);
  });

  it.each(CASES)('PDF of %s', async (_name, options, code, sent) => {
    const [page, ...more] = await pagesOf(await toPdf([layoutOf(code, options)]));
    expect(more).toEqual([]);
    expect(await scan(page!)).toEqual(sent);
  });

  it('a sheet of many labels goes over pages, none lost', async () => {
    const total = 60;
    const layouts = Array.from({ length: total }, (_, i) =>
      layoutOf(`(01)04012345000016(21)S${i}`, { kind: 'datamatrix', size: 'case' }),
    );
    const pages = await pagesOf(await toPdf(layouts));
    expect(pages.length).toBeGreaterThan(1);
    const read = (await Promise.all(pages.map(scan))).flat();
    expect(new Set(read)).toEqual(new Set(Array.from({ length: total }, (_, i) => `]d20104012345000016` + `21S${i}`)));
  });
});

describe('what stands beside the symbol', () => {
  it('is every element with its AI in brackets, a line each, from the same code', () => {
    const { lines } = layoutOf(PACK, { kind: 'qr' });
    expect(lines.map(({ text }) => text)).toEqual(['(01)04012345000016', '(17)270331', '(10)L1/%', '(21)A1B2']);
    expect(toSvg(layoutOf('(01)04012345000016(21)A&<B', { kind: 'datamatrix' }))).toContain('>(21)A&amp;&lt;B</text>');
  });

  it('is the SSCC in words, and under the bars of each symbol what it holds', () => {
    const { lines } = layoutOf(`${UNIT}(02)04012345000016(37)12`, { kind: 'sscc' });
    expect(lines.map(({ text }) => text)).toEqual([
      'SSCC: 340123450000000000',
      'CONTENT: 04012345000016',
      'COUNT: 12',
      '(02)04012345000016(37)12',
      '(00)340123450000000000',
    ]);
  });

  it.each<[string, LabelOptions, string]>([
    ['a pack', { kind: 'datamatrix' }, PACK],
    ['a case', { kind: 'qr', size: 'case' }, PACK],
    ['a pallet', { kind: 'sscc' }, UNIT],
  ])('on %s all stands inside, and no text in a quiet zone', (_name, options, code) => {
    const { width, height, boxes, lines } = layoutOf(code, options);
    for (const box of boxes) {
      expect(box.x).toBeGreaterThanOrEqual(1);
      expect(box.x + box.width).toBeLessThanOrEqual(width - 1);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    }
    const right = Math.max(...boxes.map((box) => box.x + box.width));
    for (const { x, y, size, text } of lines) {
      expect(x + text.length * size * 0.6).toBeLessThanOrEqual(width);
      expect(y).toBeLessThanOrEqual(height);
      if (options.kind !== 'sscc') expect(x).toBeGreaterThan(right);
    }
  });

  it('the bars of an SSCC are high enough, a module is as wide as its use asks', () => {
    const { module, boxes } = layoutOf(UNIT, { kind: 'sscc' });
    expect(module).toBeGreaterThanOrEqual(0.495);
    expect(boxes[0]!.height * module).toBeGreaterThanOrEqual(31.75);
    expect(layoutOf(PACK, { kind: 'datamatrix' }).module).toBeLessThan(
      layoutOf(PACK, { kind: 'datamatrix', size: 'case' }).module,
    );
  });

  it('a PNG says its true size', () => {
    const layout = layoutOf(PACK, { kind: 'datamatrix' });
    const png = Buffer.from(toPng(layout, 300));
    const perMetre = png.readUInt32BE(png.indexOf('pHYs') + 4);
    const width = png.readUInt32BE(16);
    expect((width / perMetre) * 1000).toBeCloseTo(layout.width * layout.module, 1);
  });

  it('the same labels give the same bytes', async () => {
    const layouts = [layoutOf(PACK, { kind: 'qr' }), layoutOf(UNIT, { kind: 'sscc' })];
    expect(Buffer.from(await toPdf(layouts)).equals(Buffer.from(await toPdf(layouts)))).toBe(true);
    expect(toSvg(layouts[0]!)).toBe(toSvg(layouts[0]!));
  });
});

describe('no label is made of', () => {
  it.each<[string, LabelOptions, string, string]>([
    ['a wrong code', { kind: 'datamatrix' }, '(01)04012345000017(21)A', 'CHECK_DIGIT_WRONG'],
    ['a code that contradicts itself', { kind: 'qr' }, '(01)04012345000016(37)12', 'AI_EXCLUDED'],
    ['a pack, for a pallet', { kind: 'sscc' }, PACK, 'KEY_MISSING'],
    ['what names nothing, as a link', { kind: 'qr' }, '(99)X', 'KEY_MISSING'],
    ["China's code, as a GS1 symbol", { kind: 'datamatrix' }, '81012345678901234567', 'KEY_MISSING'],
    ['more than a symbol can hold', { kind: 'qr' }, LONG, 'TOO_LONG'],
    ['more than bars can hold', { kind: 'sscc' }, `${UNIT}(91)${'A'.repeat(48)}`, 'TOO_LONG'],
  ])('%s', (_name, options, code, expected) => {
    expect(labelOf(code, options)).toMatchObject({ ok: false, malformed: { code: expected } });
  });
});
