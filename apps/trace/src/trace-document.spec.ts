import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { traceDocument } from './trace-document.js';

const FOLDER = join(__dirname, '../../../docs', 'api');
const WRITES = process.env['CUSTOS_WRITE_DOCS'] === '1';

it('the document that trace serves is the one in docs/api (CUSTOS_WRITE_DOCS=1 writes it anew)', () => {
  const text = `${JSON.stringify(traceDocument(), null, 2)}\n`;
  const file = join(FOLDER, 'trace.openapi.json');
  if (WRITES) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
