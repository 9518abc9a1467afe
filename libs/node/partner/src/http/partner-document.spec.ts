import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARTNER_STORY, SYSTEM_EXAMPLES } from '@custos/formats-api';
import { partnerDocument } from './partner-document.js';

const FOLDER = join(__dirname, '../../../../../docs', 'api');
const WRITES = process.env['CUSTOS_WRITE_DOCS'] === '1';

const ROLES = ['manufacturer', 'distributor', 'pharmacy'] as const;

it.each(ROLES)('the document that a %s serves is the one in docs/api (CUSTOS_WRITE_DOCS=1 writes it anew)', (role) => {
  const text = `${JSON.stringify(partnerDocument([role]), null, 2)}\n`;
  const file = join(FOLDER, `${role}.openapi.json`);
  if (WRITES) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

it('R: a service shows the tasks of its roles, and no other', () => {
  const tasks = (role: (typeof ROLES)[number]) => Object.keys(partnerDocument([role]).paths!);
  expect(tasks('manufacturer')).toEqual(expect.arrayContaining(['/products', '/commissionings', '/recalls']));
  expect(tasks('manufacturer')).not.toContain('/dispensations');
  expect(tasks('pharmacy')).toContain('/dispensations');
  expect(tasks('pharmacy')).not.toContain('/commissionings');
});

it('every example is in a document', () => {
  const documents = ROLES.map((role) => JSON.stringify(partnerDocument([role]))).join('');
  for (const { name, summary, answer, body } of [...PARTNER_STORY, ...SYSTEM_EXAMPLES]) {
    if (answer === undefined && body === undefined) continue;
    expect(documents).toContain(`"${name}":{"summary":${JSON.stringify(summary)}`);
  }
});
