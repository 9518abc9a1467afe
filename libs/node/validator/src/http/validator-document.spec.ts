import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { validatorDocument } from './validator-document.js';

const FOLDER = join(__dirname, '../../../../../docs', 'api');
const WRITES = process.env['CUSTOS_WRITE_DOCS'] === '1';

it('the document that a validator serves is the one in docs/api (CUSTOS_WRITE_DOCS=1 writes it anew)', () => {
  const text = `${JSON.stringify(validatorDocument(), null, 2)}\n`;
  const file = join(FOLDER, 'validator.openapi.json');
  if (WRITES) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
