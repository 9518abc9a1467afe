import { SEPARATOR, toElementString, type AiElement } from '@custos/core-gs1';
import bwip from 'bwip-js';

/** A dark rectangle, in modules from the top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The dark parts of a symbol without its quiet zone. */
export interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
}

const FNC1 = '^FNC1';

/** FNC1 in front marks GS1 data, and separates inside; `^` itself is in no character set of GS1. */
function withFnc1(elements: readonly AiElement[]): string {
  return FNC1 + toElementString(elements).split(SEPARATOR).join(FNC1);
}

/** Draws a GS1 DataMatrix (GS1 General Specifications, 5.6). */
export function drawGs1Matrix(elements: readonly AiElement[]): Drawn {
  return drawMatrix(bwip.raw('datamatrix', withFnc1(elements), 'parsefnc'));
}

/** Level M: a quarter of a printed label may be scratched. */
export function drawQr(text: string): Drawn {
  return drawMatrix(bwip.raw('qrcode', text, 'eclevel=M'));
}

/** Bars of one height, in modules. */
export function drawGs1Linear(elements: readonly AiElement[], height: number): Drawn {
  const [symbol] = bwip.raw('code128', withFnc1(elements), 'parsefnc');
  if (!symbol || !('sbs' in symbol)) throw new Error('no linear symbol');
  const boxes: Box[] = [];
  let x = 0;
  for (const [i, width] of symbol.sbs.entries()) {
    if (i % 2 === 0) boxes.push({ x, y: 0, width, height });
    x += width;
  }
  return { width: x, height, boxes };
}

function drawMatrix([symbol]: readonly object[]): Drawn {
  if (!symbol || !('pixs' in symbol)) throw new Error('no matrix symbol');
  const { pixs, pixx, pixy } = symbol as {
    readonly pixs: readonly number[];
    readonly pixx: number;
    readonly pixy: number;
  };
  const boxes: Box[] = [];
  for (let y = 0; y < pixy; y++) {
    for (let x = 0; x < pixx; x++) {
      const start = x;
      while (x < pixx && pixs[y * pixx + x] === 1) x++;
      if (x > start) boxes.push({ x: start, y, width: x - start, height: 1 });
    }
  }
  return { width: pixx, height: pixy, boxes };
}
