import { findAi, type AiElement } from '@custos/core-gs1';
import type { Label, LabelSize } from './label.js';
import { drawGs1Matrix, drawGs1Linear, drawQr, type Box, type Drawn } from './symbol.js';

/** A line of text; `y` is its baseline, `size` its em. */
export interface TextLine {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
}

/** A label laid out in modules, so that every bar and module stands on a whole number of dots. */
export interface Layout {
  /** Millimetres a module (the X-dimension). */
  readonly module: number;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly TextLine[];
}

interface Measures {
  readonly module: number;
  /** Em of the human readable text, millimetres. */
  readonly text: number;
}

// General Specifications, 5.12.3: symbol specification tables 6 and 8 for packs of healthcare, 7 for cases, 5 for SSCCs.
const MATRIX: Record<LabelSize, Measures> = {
  pack: { module: 0.38, text: 2.4 },
  case: { module: 0.75, text: 5 },
};
const LOGISTIC: Measures = { module: 0.495, text: 5 };
/** Height of the bars of an SSCC: at least 31.75 mm. */
const BAR_HEIGHT = 32;

/** Light around a symbol, in modules. */
const QUIET = { datamatrix: 2, qr: 4, linear: 10 };

/** Width of a character of a monospaced face, in ems; a little more than any of the faces needs. */
const ADVANCE = 0.68;
const LEADING = 1.25;

/** Arranges symbol, quiet zone and text of a label, in modules. */
export function layOut(label: Label): Layout {
  switch (label.kind) {
    case 'datamatrix':
      return besideText(drawGs1Matrix(label.elements), QUIET.datamatrix, label);
    case 'qr':
      return besideText(drawQr(label.link!), QUIET.qr, label);
    case 'sscc':
      return logistic(label.elements);
  }
}

// General Specifications, 4.14: AIs in brackets, an element a line, none broken.
function humanReadable({ ai, value }: AiElement): string {
  return `(${ai})${value}`;
}

function besideText(symbol: Drawn, quiet: number, { size, elements }: Label): Layout {
  const { module, text } = MATRIX[size];
  const em = text / module;
  const texts = elements.map(humanReadable);
  const left = quiet + symbol.width + 2 * quiet;
  const block = texts.length * em * LEADING;
  const height = Math.ceil(Math.max(symbol.height, block) + 2 * quiet);
  const lines = stacked(texts, left, (height - block) / 2, em);
  const top = Math.floor((height - symbol.height) / 2);
  return {
    module,
    width: Math.ceil(left + widest(texts, em) + quiet),
    height,
    boxes: moved(symbol.boxes, quiet, top),
    lines,
  };
}

// From top to bottom: what the label says in words, what is in the unit, and the SSCC last, nearest to the pallet.
function logistic(elements: readonly AiElement[]): Layout {
  const { module, text } = LOGISTIC;
  const em = text / module;
  const bars = Math.ceil(BAR_HEIGHT / module);
  const groups = [elements.filter(({ ai }) => ai !== '00'), elements.filter(({ ai }) => ai === '00')];
  const said = elements.map(({ ai, value }) => `${findAi(ai)!.title}: ${value}`);
  const lines: TextLine[] = [...stacked(said, QUIET.linear, em / 2, em)];
  const boxes: Box[] = [];
  let y = Math.ceil((said.length * LEADING + 1) * em);
  let width = widest(said, em) + 2 * QUIET.linear;
  for (const group of groups.filter(({ length }) => length > 0)) {
    const symbol = drawGs1Linear(group, bars);
    boxes.push(...moved(symbol.boxes, QUIET.linear, y));
    y += symbol.height;
    const hri = group.map(humanReadable).join('');
    lines.push(...stacked([hri], QUIET.linear, y, Math.min(em, (symbol.width + QUIET.linear) / hri.length / ADVANCE)));
    y = Math.ceil(y + 2 * em);
    width = Math.max(width, symbol.width + 2 * QUIET.linear);
  }
  return { module, width: Math.ceil(width), height: y, boxes, lines };
}

function stacked(texts: readonly string[], x: number, top: number, em: number): readonly TextLine[] {
  return texts.map((text, i) => ({ x, y: top + (i * LEADING + 1) * em, size: em, text }));
}

function widest(texts: readonly string[], em: number): number {
  return Math.max(...texts.map(({ length }) => length)) * ADVANCE * em;
}

function moved(boxes: readonly Box[], dx: number, dy: number): readonly Box[] {
  return boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy }));
}
