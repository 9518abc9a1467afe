import { docsPage } from './docs-page.js';

const page = docsPage({
  info: { title: 'A <b>service</b>', description: 'One.\n\nTwo & three.' },
  paths: {
    '/things/{thing}': {
      get: {
        operationId: 'thing',
        summary: 'A "thing"',
        security: [{ bearer: [] }],
        parameters: [{ name: 'thing', in: 'path', required: true, examples: { one: { value: '<script>' } } }],
        responses: { 200: { description: 'it', content: { 'application/json': { schema: {} } } } },
      },
    },
  },
  components: { schemas: { Thing: { type: 'object' } } },
});

describe('the page of a document', () => {
  it('shows what is asked and answered', () => {
    expect(page.html).toContain('<code>GET /things/{thing}</code>');
    expect(page.html).toContain('A &quot;thing&quot;.');
    expect(page.html).toContain('<p>Two &amp; three.</p>');
    expect(page.html).toContain('path, required');
    expect(page.html).toContain('(bearer)');
  });

  it('runs nothing, and asks no one', () => {
    expect(page.html).not.toMatch(/<script|<b>|<img|@import|url\(|https?:/);
    expect(page.policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='/);
  });
});
