export { labelOf, type Label, type LabelKind, type LabelOptions, type LabelSize } from './label.js';
export { layOut, type Layout, type TextLine } from './layout.js';
export { MAX_SHEET_LABELS, toPdf } from './pdf.js';
export { MAX_DPI, MIN_DPI, toPng } from './png.js';
export { toSvg } from './svg.js';
export { type Box } from './symbol.js';
