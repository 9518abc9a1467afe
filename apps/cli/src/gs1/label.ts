import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { LabelKind, LabelSize, Layout } from '@custos/shell-labels';
import { parseArgs } from 'node:util';
import { orUsage, required, UsageError } from '../arguments.js';
import { codesFromInput } from '../chain/code-lines.js';
import type { Command } from '../command.js';

/** Thermal transfer printers of packing lines. */
const DEFAULT_DPI = 300;

// What draws is large: only this command loads it.
const labels = () => import('@custos/shell-labels');
type Labels = Awaited<ReturnType<typeof labels>>;

type Write = (labels: Labels, layouts: readonly Layout[], dpi: number) => Uint8Array | string | Promise<Uint8Array>;

/** By the end of the file's name; only sheets hold more than one label. */
const FORMATS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['.png', ({ toPng }, layouts, dpi) => toPng(one(layouts), dpi)],
  ['.svg', ({ toSvg }, layouts) => toSvg(one(layouts))],
  ['.pdf', ({ toPdf }, layouts) => toPdf(layouts)],
]);

export const label: Command = {
  usage: 'datamatrix|qr|sscc --out FILE.png|.svg|.pdf [--size pack|case] [--stem URL] [--dpi N] [CODE...]',
  summary: 'draw labels for codes; no CODE: one a line from standard input',
  async run(args) {
    const options = {
      out: { type: 'string' },
      size: { type: 'string', default: 'pack' },
      stem: { type: 'string' },
      dpi: { type: 'string', default: String(DEFAULT_DPI) },
    } as const;
    const { values, positionals } = orUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
    const [kind, ...codes] = positionals;
    const file = required(values.out, '--out');
    const write = FORMATS.get(extname(file).toLowerCase());
    if (!write) throw new UsageError(`--out ${file}: end it in ${[...FORMATS.keys()].join(', ')}`);
    const drawn = {
      kind: kindOf(kind),
      size: sizeOf(values.size),
      ...(values.stem !== undefined && { stem: stemOf(values.stem) }),
    };
    const drawing = await labels();
    const dpi = dpiOf(drawing, values.dpi);
    const layouts: Layout[] = [];
    for await (const code of codes.length > 0 ? codes : codesFromInput()) {
      const made = drawing.labelOf(code, drawn);
      if (!made.ok) throw new Error(`${JSON.stringify(code)}: ${made.malformed.code}: ${made.malformed.fix}`);
      if (layouts.length >= drawing.MAX_SHEET_LABELS)
        throw new UsageError(`at most ${drawing.MAX_SHEET_LABELS} labels a sheet`);
      layouts.push(drawing.layOut(made.value));
    }
    if (layouts.length === 0) throw new UsageError('CODE is missing');
    writeFileSync(file, await write(drawing, layouts, dpi));
    console.log(`${layouts.length} ${layouts.length === 1 ? 'label' : 'labels'} in ${file}`);
    return 0;
  },
};

function one(layouts: readonly Layout[]): Layout {
  if (layouts.length > 1) throw new UsageError('a PNG or SVG holds one label: send one CODE, or write a .pdf');
  return layouts[0]!;
}

function kindOf(text: string | undefined): LabelKind {
  if (text === 'datamatrix' || text === 'qr' || text === 'sscc') return text;
  throw new UsageError('say "datamatrix", "qr" or "sscc"');
}

function sizeOf(text: string): LabelSize {
  if (text === 'pack' || text === 'case') return text;
  throw new UsageError(`--size ${text}: pack or case`);
}

function stemOf(text: string): string {
  if (URL.canParse(text) && text.startsWith('http')) return text;
  throw new UsageError(`--stem ${text}: where the link points, as https://id.example.com`);
}

function dpiOf({ MIN_DPI, MAX_DPI }: Labels, text: string): number {
  const dpi = Number(text);
  if (Number.isInteger(dpi) && dpi >= MIN_DPI && dpi <= MAX_DPI) return dpi;
  throw new UsageError(`--dpi ${text}: a number from ${MIN_DPI} to ${MAX_DPI}`);
}
